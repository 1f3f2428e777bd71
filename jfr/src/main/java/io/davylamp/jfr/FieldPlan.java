package io.davylamp.jfr;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The fields of one type compiled to a list of skip and read steps, once per chunk, so that reading an event interprets
 * a few ints and creates nothing. Immutable; values go into arrays that the caller owns.
 */
final class FieldPlan {
    private static final int SKIP_VARS = 0;
    private static final int SKIP_BYTES = 1;
    private static final int SKIP_STRING = 2;
    private static final int SKIP_ARRAY = 3;
    private static final int READ_VAR = 4;
    private static final int READ_BYTE = 5;
    private static final int READ_FLOAT = 6;
    private static final int READ_DOUBLE = 7;
    private static final int READ_STRING = 8;
    private static final int READ_POOLED_STRING = 9;

    private static final int MAX_NESTING = 16;
    private static final Set<String> VARINTS = Set.of("short", "char", "int", "long");

    private final String typeName;
    private final int[] ops;
    /** A count of varints or bytes to skip, a slot to read into, or an index in {@link #elements}. */
    private final int[] args;

    private final FieldPlan[] elements;

    private FieldPlan(String typeName, List<int[]> steps, List<FieldPlan> elements) {
        this.typeName = typeName;
        this.ops = steps.stream().mapToInt(step -> step[0]).toArray();
        this.args = steps.stream().mapToInt(step -> step[1]).toArray();
        this.elements = elements.toArray(FieldPlan[]::new);
    }

    /**
     * Compiles a plan that reads the wanted fields into their slots. A wanted field that the type lacks leaves its slot alone.
     */
    static FieldPlan compile(Metadata metadata, EventType type, JfrLimits limits, FieldSlots wanted)
            throws IOException {
        Compiler compiler = new Compiler(metadata, limits, wanted);
        compiler.fields(type, "", 0);
        return new FieldPlan(type.name(), compiler.steps, compiler.elements);
    }

    private static final class Compiler {
        final Metadata metadata;
        final JfrLimits limits;
        final FieldSlots wanted;
        final List<int[]> steps = new ArrayList<>();
        final List<FieldPlan> elements = new ArrayList<>();
        int fields;

        Compiler(Metadata metadata, JfrLimits limits, FieldSlots wanted) {
            this.metadata = metadata;
            this.limits = limits;
            this.wanted = wanted;
        }

        void fields(EventType type, String prefix, int depth) throws IOException {
            if (depth > MAX_NESTING) {
                throw new MalformedJfrException(0, type.name(), "structures nest deeper than " + MAX_NESTING);
            }
            for (Field field : type.fields()) {
                if (++fields > limits.fieldsPerType()) {
                    throw new MalformedJfrException(0, type.name(), "more than " + limits.fieldsPerType() + " fields");
                }
                if (field.array()) {
                    Compiler element = new Compiler(metadata, limits, new FieldSlots());
                    element.fields = fields;
                    element.value(field, "", depth + 1);
                    fields = element.fields;
                    step(SKIP_ARRAY, elements.size());
                    elements.add(new FieldPlan(type.name() + "." + field.name(), element.steps, element.elements));
                } else {
                    value(field, prefix, depth);
                }
            }
        }

        void value(Field field, String prefix, int depth) throws IOException {
            String path = prefix + field.name();
            int slot = wanted.slotOf(path);
            EventType type = metadata.type(field.typeId());
            if (field.pooled()) {
                boolean isString = type != null && type.name().equals("java.lang.String");
                readOrSkip(slot, isString ? READ_POOLED_STRING : READ_VAR, SKIP_VARS, 1);
                return;
            }
            if (type == null) {
                throw new MalformedJfrException(
                        0, path, "its type " + field.typeId() + " is not declared in the chunk's metadata");
            }
            String name = type.name();
            if (VARINTS.contains(name)) {
                varint(slot);
            } else if (name.equals("boolean") || name.equals("byte")) {
                readOrSkip(slot, READ_BYTE, SKIP_BYTES, 1);
            } else if (name.equals("float")) {
                readOrSkip(slot, READ_FLOAT, SKIP_BYTES, 4);
            } else if (name.equals("double")) {
                readOrSkip(slot, READ_DOUBLE, SKIP_BYTES, 8);
            } else if (name.equals("java.lang.String")) {
                readOrSkip(slot, READ_STRING, SKIP_STRING, 0);
            } else {
                fields(type, path + ".", depth + 1);
            }
        }

        private void varint(int slot) {
            readOrSkip(slot, READ_VAR, SKIP_VARS, 1);
        }

        private void readOrSkip(int slot, int read, int skip, int skipped) {
            if (slot >= 0) {
                step(read, slot);
            } else {
                step(skip, skipped);
            }
        }

        private void step(int op, int arg) {
            int[] last = steps.isEmpty() ? null : steps.get(steps.size() - 1);
            if (last != null && last[0] == op && (op == SKIP_VARS || op == SKIP_BYTES)) {
                last[1] += arg;
            } else {
                steps.add(new int[] {op, arg});
            }
        }
    }

    /** The fewest bytes that the fields take; 0 for a type without fields. */
    int minBytes() {
        int bytes = 0;
        for (int i = 0; i < ops.length; i++) {
            bytes += switch (ops[i]) {
                case SKIP_VARS, SKIP_BYTES -> args[i];
                case READ_FLOAT -> Float.BYTES;
                case READ_DOUBLE -> Double.BYTES;
                default -> 1;
            };
        }
        return bytes;
    }

    /**
     * Runs the plan at the input's position. Floating point values are stored as {@link Double#doubleToRawLongBits}.
     *
     * @param texts receives strings by slot; null when the plan reads none
     */
    void run(Input in, long[] values, String[] texts, StringPool strings, int maxStringBytes) throws IOException {
        for (int i = 0; i < ops.length; i++) {
            int arg = args[i];
            switch (ops[i]) {
                case SKIP_VARS -> in.skipVars(arg);
                case SKIP_BYTES -> in.skip(arg, typeName);
                case SKIP_STRING -> in.skipString(typeName);
                case SKIP_ARRAY -> skipArray(in, elements[arg]);
                case READ_VAR -> values[arg] = in.readVar();
                case READ_BYTE -> values[arg] = in.readByte();
                case READ_FLOAT -> values[arg] = Double.doubleToRawLongBits(Float.intBitsToFloat(in.readFixedInt()));
                case READ_DOUBLE -> values[arg] = in.readFixedLong();
                case READ_STRING -> {
                    int encoding = in.readByte();
                    texts[arg] = encoding == Input.STRING_POOL
                            ? strings.get(in.readVar())
                            : in.readStringBody(encoding, typeName, maxStringBytes);
                }
                case READ_POOLED_STRING -> texts[arg] = strings.get(in.readVar());
                default -> throw new AssertionError(ops[i]);
            }
        }
    }

    private static void skipArray(Input in, FieldPlan element) throws IOException {
        int minBytes = element.minBytes();
        if (minBytes == 0) {
            in.readVar(); // elements without bytes: nothing to step over, whatever the count says
            return;
        }
        int count = in.readCount(element.typeName, Integer.MAX_VALUE, minBytes);
        for (int i = 0; i < count; i++) {
            element.run(in, null, null, null, 0);
        }
    }

    /** Resolves strings that are stored as keys of the constant pool. */
    interface StringPool {
        String get(long key);
    }
}
