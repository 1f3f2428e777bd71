package io.davylamp.server.rest;

import io.davylamp.core.identity.AuditLog;
import io.davylamp.core.identity.LoginCodes;
import io.davylamp.core.identity.Logins;
import io.davylamp.core.identity.Sessions;
import io.davylamp.core.identity.Tokens;
import io.davylamp.core.identity.Users;
import io.davylamp.server.oidc.OidcLogins;

/**
 * The services behind the routes of access.
 *
 * @param passwords whether local users sign in with passwords
 * @param oidc signs in people whom an identity provider knows; null when there is none
 */
public record Access(
        Logins logins,
        Sessions sessions,
        LoginCodes codes,
        Users users,
        Tokens tokens,
        AuditLog audit,
        boolean passwords,
        OidcLogins oidc) {}
