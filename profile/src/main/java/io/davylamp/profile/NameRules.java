package io.davylamp.profile;

/**
 * Normalises class names, so that the same code has the same name in every JVM. The rules have a version: every change is a
 * new version, and a profile holds the version that made it.
 *
 * <p>Version 2: {@code /} becomes {@code .}; array descriptors become {@code type[]}; address suffixes of hidden classes
 * ({@code /0x…}, {@code .0x…}, {@code +0x…}, {@code /123}) are cut; the number after {@code $$Lambda}, {@code $Proxy}, {@code
 * GeneratedMethodAccessor}, {@code GeneratedConstructorAccessor}, {@code LambdaForm$MH}, {@code $$FastClassBy…$$} and {@code
 * $$EnhancerBy…$$} is cut. Version 1 also cut numbers after a dot, which belong to the names of native libraries: {@code
 * libc.so.6}, {@code python3.11}.
 */
public enum NameRules {
    /** Dots instead of slashes and readable arrays, nothing else. */
    RAW(0),
    V2(2);

    public static final NameRules CURRENT = V2;

    private static final String[] NUMBERED = {
        "$$Lambda$",
        "$Proxy",
        "GeneratedMethodAccessor",
        "GeneratedConstructorAccessor",
        "GeneratedSerializationConstructorAccessor"
    };

    private final int version;

    NameRules(int version) {
        this.version = version;
    }

    public int version() {
        return version;
    }

    /** The readable name of a class given in the JVM's form: {@code a/b/C}, {@code [La/b/C;}, {@code [[I}. */
    public String className(String internal) {
        String name = internal;
        int dimensions = 0;
        while (dimensions < name.length() && name.charAt(dimensions) == '[') {
            dimensions++;
        }
        if (dimensions > 0) {
            name = elementType(name.substring(dimensions));
        }
        if (this == V2) {
            name = withoutNumbers(withoutAddress(name));
        }
        return name.replace('/', '.') + "[]".repeat(dimensions);
    }

    private static String elementType(String descriptor) {
        if (descriptor.startsWith("L") && descriptor.endsWith(";")) {
            return descriptor.substring(1, descriptor.length() - 1);
        }
        return switch (descriptor) {
            case "B" -> "byte";
            case "C" -> "char";
            case "D" -> "double";
            case "F" -> "float";
            case "I" -> "int";
            case "J" -> "long";
            case "S" -> "short";
            case "Z" -> "boolean";
            default -> descriptor;
        };
    }

    /** Cuts {@code /0x0000…}, {@code .0x…}, {@code +0x…} and {@code /1234} from the end. */
    private static String withoutAddress(String name) {
        int cut = name.length();
        for (int mark = mark(name, cut); mark > 0 && isCut(name, mark, cut); mark = mark(name, cut)) {
            cut = mark;
        }
        return name.substring(0, cut);
    }

    /** The last sign before {@code end} that may begin a suffix; -1 for none. */
    private static int mark(String name, int end) {
        return Math.max(
                name.lastIndexOf('/', end - 1),
                Math.max(name.lastIndexOf('.', end - 1), name.lastIndexOf('+', end - 1)));
    }

    private static boolean isCut(String name, int mark, int end) {
        if (mark + 1 >= end || !isNumber(name, mark + 1, end)) {
            return false;
        }
        if (name.charAt(mark) == '/' || name.startsWith("0x", mark + 1)) {
            return true;
        }
        // Only behind an address: where dots stand for slashes. Elsewhere it is the version of a library.
        int before = mark(name, mark);
        return before > 0 && name.startsWith("0x", before + 1) && isCut(name, before, mark);
    }

    private static boolean isNumber(String name, int from, int to) {
        boolean hex = name.startsWith("0x", from);
        for (int i = hex ? from + 2 : from; i < to; i++) {
            if (Character.digit(name.charAt(i), hex ? 16 : 10) < 0) {
                return false;
            }
        }
        return true;
    }

    private static String withoutNumbers(String name) {
        for (String prefix : NUMBERED) {
            int at = name.lastIndexOf(prefix);
            if (at >= 0) {
                int digits = at + prefix.length();
                if (digits < name.length() && isNumber(name, digits, name.length())) {
                    return name.substring(0, prefix.endsWith("$") ? digits - 1 : digits);
                }
            }
        }
        for (String by : new String[] {"$$FastClassBy", "$$EnhancerBy"}) {
            int at = name.indexOf(by);
            int end = at < 0 ? -1 : name.indexOf("$$", at + by.length());
            if (end >= 0) {
                return name.substring(0, end);
            }
        }
        return name;
    }
}
