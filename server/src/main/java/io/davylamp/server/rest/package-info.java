/** REST at {@code /api/v1}, described by {@code openapi.yaml}. */
package io.davylamp.server.rest;
