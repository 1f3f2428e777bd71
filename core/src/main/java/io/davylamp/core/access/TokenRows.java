package io.davylamp.core.access;

import java.util.List;
import java.util.Optional;

/** Tokens of programs and agents. */
public interface TokenRows {
    /** @return false if there is one of that name */
    boolean insert(Token token);

    Optional<Token> byHash(String hash);

    Optional<Token> byId(String id);

    /** All of them, newest first. */
    List<Token> all();

    /** Notes a use, unless a later one is noted. */
    void used(String id, long millis);

    /** @return false if there is none */
    boolean delete(String id);
}
