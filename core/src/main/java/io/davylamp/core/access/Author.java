package io.davylamp.core.access;

/**
 * Who made something, as it stays known after its author is gone. Immutable.
 *
 * @param id of the {@link Principal}; empty when nobody noted it
 * @param name for people to read
 */
public record Author(String id, String name) {
    /** Of what was made before authors were noted. */
    public static final Author UNKNOWN = new Author("", "");
}
