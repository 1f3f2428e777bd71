package io.davylamp.core.access;

/**
 * Somebody who is signed in in a browser lets a command line in: it opens a session with this code, once. Immutable.
 *
 * @param hash SHA-256 of the code, in hex: who reads the database cannot use it
 * @param challenge SHA-256, in base64url, of what only the command line knows (RFC 7636)
 * @param sessionHash of the browser's {@link Session}, which must still be there
 * @param endsMillis since the epoch
 */
public record LoginCode(String hash, String challenge, String sessionHash, long endsMillis) {
    @Override
    public String toString() {
        return "LoginCode[endsMillis=" + endsMillis + "]";
    }
}
