package io.davylamp.server.rest;

import io.davylamp.core.identity.AuditLog;
import io.davylamp.core.identity.Logins;
import io.davylamp.core.identity.Sessions;
import io.davylamp.core.identity.Tokens;
import io.davylamp.core.identity.Users;

/**
 * The services behind the routes of access.
 *
 * @param passwords whether local users sign in with passwords
 */
public record Access(Logins logins, Sessions sessions, Users users, Tokens tokens, AuditLog audit, boolean passwords) {}
