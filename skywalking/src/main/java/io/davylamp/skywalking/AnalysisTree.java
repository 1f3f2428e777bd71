package io.davylamp.skywalking;

import io.davylamp.profile.FrameKind;
import io.davylamp.profile.view.FrameTree;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A frame tree as SkyWalking's clients read it: elements that name their parent, parents first. The root has id 0, parent -1 and
 * an empty text; siblings are by total, largest first, then by text.
 */
final class AnalysisTree {
    /** The text of the element that sums everything cut below an element. */
    static final String REMAINDER = "(smaller frames, not shown)";

    private static final int HIDDEN_DIGITS = 16;
    /** The number in the class name of a lambda in older JVMs; it counts the lambdas of one JVM. */
    private static final Pattern LAMBDA_NUMBER = Pattern.compile("(\\$\\$Lambda)\\$\\d+");

    private AnalysisTree() {}

    /** One element; its names are the schema's. */
    record Element(String id, String parentId, String codeSignature, long total, long self) {}

    /** The root alone. */
    static List<Element> empty() {
        return List.of(new Element("0", "-1", "", 0, 0));
    }

    /**
     * @param max largest number of elements; the largest ones are kept, and below each what is missing is one element
     */
    static List<Element> of(FrameTree whole, int max) {
        int budget = max;
        while (true) {
            List<Element> elements = elements(whole.cut(budget));
            if (elements.size() <= max || budget <= 1) {
                return elements;
            }
            // A remainder for each of the kept nodes at the worst: half of the budget always fits.
            budget = Math.max(1, Math.max(budget / 2, budget - (elements.size() - max)));
            if (budget + remainders(whole.cut(budget)) > max) {
                budget = Math.max(1, budget / 2);
            }
        }
    }

    private static int remainders(FrameTree tree) {
        int count = 0;
        for (long rest : rests(tree)) {
            count += rest != 0 ? 1 : 0;
        }
        return count;
    }

    private static long[] rests(FrameTree tree) {
        long[] rest = new long[tree.size()];
        for (int i = 0; i < rest.length; i++) {
            rest[i] += tree.total(i) - tree.self(i);
            if (i > 0) {
                rest[tree.parent(i)] -= tree.total(i);
            }
        }
        return rest;
    }

    /** In preorder: a node's remainder comes after the last of its descendants. */
    private static List<Element> elements(FrameTree tree) {
        long[] rest = rests(tree);
        List<Element> elements = new ArrayList<>();
        int[] id = new int[tree.size()];
        int open = -1;
        for (int i = 0; i < rest.length; i++) {
            while (open != tree.parent(i)) {
                close(open, id, rest, elements);
                open = tree.parent(open);
            }
            id[i] = elements.size();
            elements.add(new Element(
                    Integer.toString(id[i]),
                    i == 0 ? "-1" : Integer.toString(id[tree.parent(i)]),
                    i == 0 ? "" : tree.name(i),
                    tree.total(i),
                    tree.self(i)));
            open = i;
        }
        while (open >= 0) {
            close(open, id, rest, elements);
            open = tree.parent(open);
        }
        return elements;
    }

    private static void close(int node, int[] id, long[] rest, List<Element> elements) {
        if (rest[node] != 0) {
            elements.add(new Element(
                    Integer.toString(elements.size()), Integer.toString(id[node]), REMAINDER, rest[node], rest[node]));
        }
    }

    /**
     * A frame's text as SkyWalking writes it, from one with the class as the JVM named it: what a hidden class ends in is cut.
     * Native code keeps its symbol.
     */
    static String text(String name, FrameKind kind) {
        return switch (kind) {
            case NATIVE, CPP, KERNEL -> name;
            case CLASS -> name.equals("unknown") ? "null" : className(name);
            default -> {
                int method = name.lastIndexOf('.', lineAt(name));
                yield method <= 0 ? name : className(name.substring(0, method)) + name.substring(method);
            }
        };
    }

    /** Formats a frame of several JVMs: without the number that counts the lambdas of one JVM, because it differs in each. */
    static String textOfSeveral(String name, FrameKind kind) {
        String text = text(name, kind);
        return text.contains("$$Lambda$") ? LAMBDA_NUMBER.matcher(text).replaceAll("$1") : text;
    }

    /** Returns the index at which the line number begins, or the length of the text. */
    private static int lineAt(String name) {
        int at = name.length();
        while (at > 0 && Character.isDigit(name.charAt(at - 1))) {
            at--;
        }
        return at > 1 && at < name.length() && name.charAt(at - 1) == ':' ? at - 1 : name.length();
    }

    private static boolean startsWithDigit(String text, int at) {
        return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
    }

    static String className(String name) {
        int last = Math.max(name.lastIndexOf('/'), name.lastIndexOf('.'));
        String cut = last > 0 && startsWithDigit(name, last + 1) ? name.substring(0, last) : name;
        int plus = cut.length() - HIDDEN_DIGITS - 3;
        return plus > 0 && cut.startsWith("+0x", plus) && isHex(cut, plus + 3) ? cut.substring(0, plus) : cut;
    }

    private static boolean isHex(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            if (Character.digit(text.charAt(i), 16) < 0) {
                return false;
            }
        }
        return true;
    }
}
