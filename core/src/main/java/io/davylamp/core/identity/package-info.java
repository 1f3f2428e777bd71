/** Finds out who somebody is: sessions, tokens and passwords; and keeps what people did. */
package io.davylamp.core.identity;
