/** Signing in at an identity provider with OpenID Connect: the authorization code flow with PKCE. */
package io.davylamp.server.oidc;
