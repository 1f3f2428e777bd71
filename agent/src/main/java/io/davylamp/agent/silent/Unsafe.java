package io.davylamp.agent.silent;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.util.Arrays;

/**
 * Stands in for the JDK's class of this name in protobuf, which reads and writes the fields of its messages through it. The
 * JDK's warns in the host's console from JDK 24 on, can be forbidden, and will go; the agent's few messages are served well
 * enough by reflection, on any JVM. It has no access to arrays and memory: where a library looks for that, it finds it
 * missing and takes its safe way. Thread-safe.
 */
public final class Unsafe {
    /** The field in which protobuf looks for the instance. */
    static final Unsafe THE_UNSAFE = new Unsafe();

    /** The place of a field here is what others take for its offset. */
    private static volatile Field[] fields = {};

    private Unsafe() {}

    public long objectFieldOffset(Field field) {
        // The JDK's own are asked for without need; JVMs from 9 to 16 warn when they are opened, later ones refuse.
        if (field.getDeclaringClass().getClassLoader() == Unsafe.class.getClassLoader()) {
            field.setAccessible(true);
        }
        synchronized (Unsafe.class) {
            int known = Arrays.asList(fields).indexOf(field);
            if (known >= 0) {
                return known;
            }
            Field[] more = Arrays.copyOf(fields, fields.length + 1);
            more[fields.length] = field;
            fields = more;
            return more.length - 1L;
        }
    }

    /** Protobuf asks to see whether this is more than a stub, and does nothing with it as there is no arrayIndexScale. */
    public int arrayBaseOffset(Class<?> of) {
        return 0;
    }

    private static Field field(long offset) {
        return fields[(int) offset];
    }

    private static IllegalStateException impossible(IllegalAccessException e) {
        return new IllegalStateException(e); // a field of the JDK, which nothing of ours reads
    }

    public Object allocateInstance(Class<?> of) throws InstantiationException {
        try {
            Constructor<?> constructor = of.getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (ReflectiveOperationException e) {
            throw (InstantiationException) new InstantiationException(of.getName()).initCause(e);
        }
    }

    public Object getObject(Object of, long offset) {
        try {
            return field(offset).get(of);
        } catch (IllegalAccessException e) {
            throw impossible(e);
        }
    }

    public void putObject(Object of, long offset, Object value) {
        try {
            field(offset).set(of, value);
        } catch (IllegalAccessException e) {
            throw impossible(e);
        }
    }

    public int getInt(Object of, long offset) {
        try {
            return field(offset).getInt(of);
        } catch (IllegalAccessException e) {
            throw impossible(e);
        }
    }

    public void putInt(Object of, long offset, int value) {
        try {
            field(offset).setInt(of, value);
        } catch (IllegalAccessException e) {
            throw impossible(e);
        }
    }

    public long getLong(Object of, long offset) {
        try {
            return field(offset).getLong(of);
        } catch (IllegalAccessException e) {
            throw impossible(e);
        }
    }

    public void putLong(Object of, long offset, long value) {
        try {
            field(offset).setLong(of, value);
        } catch (IllegalAccessException e) {
            throw impossible(e);
        }
    }

    public boolean getBoolean(Object of, long offset) {
        try {
            return field(offset).getBoolean(of);
        } catch (IllegalAccessException e) {
            throw impossible(e);
        }
    }

    public void putBoolean(Object of, long offset, boolean value) {
        try {
            field(offset).setBoolean(of, value);
        } catch (IllegalAccessException e) {
            throw impossible(e);
        }
    }

    public float getFloat(Object of, long offset) {
        try {
            return field(offset).getFloat(of);
        } catch (IllegalAccessException e) {
            throw impossible(e);
        }
    }

    public void putFloat(Object of, long offset, float value) {
        try {
            field(offset).setFloat(of, value);
        } catch (IllegalAccessException e) {
            throw impossible(e);
        }
    }

    public double getDouble(Object of, long offset) {
        try {
            return field(offset).getDouble(of);
        } catch (IllegalAccessException e) {
            throw impossible(e);
        }
    }

    public void putDouble(Object of, long offset, double value) {
        try {
            field(offset).setDouble(of, value);
        } catch (IllegalAccessException e) {
            throw impossible(e);
        }
    }
}
