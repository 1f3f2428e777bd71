package io.davylamp.jfr;

import java.util.List;

/** A type of a chunk's metadata: an event, a structure or a primitive. Ids are valid in this chunk alone. */
public record EventType(long id, String name, String superType, List<Field> fields) {

    public boolean isEvent() {
        return "jdk.jfr.Event".equals(superType);
    }

    /** The field of that name, or null. */
    public Field field(String name) {
        for (Field field : fields) {
            if (field.name().equals(name)) {
                return field;
            }
        }
        return null;
    }
}
