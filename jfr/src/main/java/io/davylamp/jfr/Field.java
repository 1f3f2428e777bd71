package io.davylamp.jfr;

/**
 * One field of a type, as the chunk's metadata declares it.
 *
 * @param typeId the type of its value
 * @param pooled true: the value is a varint key into the constant pool of {@code typeId}
 * @param array true: a count and that many values
 */
public record Field(String name, long typeId, boolean pooled, boolean array) {}
