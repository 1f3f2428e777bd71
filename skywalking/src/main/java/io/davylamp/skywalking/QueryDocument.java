package io.davylamp.skywalking;

import graphql.language.AstPrinter;
import graphql.language.Definition;
import graphql.language.Document;
import graphql.language.Field;
import graphql.language.FragmentDefinition;
import graphql.language.FragmentSpread;
import graphql.language.Node;
import graphql.language.OperationDefinition;
import graphql.language.Selection;
import graphql.language.SelectionSet;
import graphql.language.VariableDefinition;
import graphql.language.VariableReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Checks and splits a GraphQL query before it is answered. */
final class QueryDocument {
    /** Fields at the root that we answer ourselves whoever stands behind us. */
    private static final Set<String> OURS = Set.of(
            "createAsyncProfilerTask",
            "queryAsyncProfilerTaskList",
            "queryAsyncProfilerTaskProgress",
            "queryAsyncProfilerAnalyze",
            "checkHealth");

    /** More digits than any number that is meant. */
    private static final int MAX_NUMBER_CHARACTERS = 100;

    private QueryDocument() {}

    /**
     * Refuses numbers that take the parser seconds: it reads each to its last digit, in quadratic time, and writes it out again.
     *
     * @throws IllegalArgumentException saying where such a number begins
     */
    static void requireShortNumbers(String query) {
        int at = 0;
        while (at < query.length()) {
            char c = query.charAt(at);
            if (c == '#') {
                at = endOfLine(query, at);
            } else if (c == '"') {
                at = endOfText(query, at);
            } else if (isName(c)) {
                int start = at;
                while (at < query.length() && (isName(query.charAt(at)) || ".+".indexOf(query.charAt(at)) >= 0)) {
                    at++;
                }
                if ((c >= '0' && c <= '9' || c == '-') && at - start > MAX_NUMBER_CHARACTERS) {
                    throw new IllegalArgumentException("the number at character " + start + " has " + (at - start)
                            + " characters; allowed are " + MAX_NUMBER_CHARACTERS);
                }
            } else {
                at++;
            }
        }
    }

    private static boolean isName(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-';
    }

    private static int endOfLine(String query, int start) {
        int at = start;
        while (at < query.length() && query.charAt(at) != '\n' && query.charAt(at) != '\r') {
            at++;
        }
        return at;
    }

    /** Behind a text in quotes; in one that does not end, numbers are looked for behind its line. */
    private static int endOfText(String query, int start) {
        boolean block = query.startsWith("\"\"\"", start);
        int at = start + (block ? 3 : 1);
        while (at < query.length()) {
            char c = query.charAt(at);
            if (c == '\\') {
                at += block && !query.startsWith("\"\"\"", at + 1) ? 1 : block ? 4 : 2;
            } else if (block ? query.startsWith("\"\"\"", at) : c == '"' || c == '\n' || c == '\r') {
                return at + (block ? 3 : 1);
            } else {
                at++;
            }
        }
        return query.length();
    }

    private static Optional<OperationDefinition> operation(Document document, String name) {
        List<OperationDefinition> operations = document.getDefinitionsOfType(OperationDefinition.class);
        return operations.stream()
                .filter(each -> name == null ? operations.size() == 1 : name.equals(each.getName()))
                .findFirst();
    }

    /**
     * The variables, with those that are declared but missing taken from the one undeclared name that differs only in case: the
     * page declares {@code $taskId} and sends {@code taskID}.
     */
    static Map<String, Object> mended(Document document, String operationName, Map<String, Object> variables) {
        Set<String> declared = new HashSet<>();
        operation(document, operationName)
                .ifPresent(operation ->
                        operation.getVariableDefinitions().forEach(definition -> declared.add(definition.getName())));
        Map<String, Object> mended = new HashMap<>(variables);
        for (String name : declared) {
            if (!variables.containsKey(name)) {
                List<String> meant = variables.keySet().stream()
                        .filter(each -> !declared.contains(each) && each.equalsIgnoreCase(name))
                        .toList();
                if (meant.size() == 1) {
                    mended.put(name, variables.get(meant.get(0)));
                }
            }
        }
        return mended;
    }

    /** A query in two: what we answer and what another server does; null where there is nothing. */
    record Parts(String ours, String theirs) {}

    static Parts split(Document document, String operationName) {
        Optional<OperationDefinition> operation = operation(document, operationName);
        if (operation.isEmpty()) {
            return new Parts(null, AstPrinter.printAst(document));
        }
        List<Selection> ours = new ArrayList<>();
        List<Selection> theirs = new ArrayList<>();
        for (Selection<?> selection : operation.get().getSelectionSet().getSelections()) {
            boolean mine = selection instanceof Field field && OURS.contains(field.getName());
            (mine ? ours : theirs).add(selection);
        }
        return new Parts(part(document, operation.get(), ours), part(document, operation.get(), theirs));
    }

    @SuppressWarnings("rawtypes")
    private static String part(Document document, OperationDefinition operation, List<Selection> selections) {
        if (selections.isEmpty()) {
            return null;
        }
        Map<String, FragmentDefinition> fragments = new HashMap<>();
        document.getDefinitionsOfType(FragmentDefinition.class)
                .forEach(fragment -> fragments.put(fragment.getName(), fragment));
        // What is declared but not used is an error.
        Set<String> variables = new HashSet<>();
        Set<String> used = new HashSet<>();
        List<Node> open = new ArrayList<>(selections);
        operation.getDirectives().forEach(open::add);
        while (!open.isEmpty()) {
            Node<?> node = open.remove(open.size() - 1);
            if (node instanceof VariableReference variable) {
                variables.add(variable.getName());
            } else if (node instanceof FragmentSpread spread
                    && fragments.containsKey(spread.getName())
                    && used.add(spread.getName())) {
                open.add(fragments.get(spread.getName()));
            }
            open.addAll(node.getChildren());
        }
        List<VariableDefinition> definitions = operation.getVariableDefinitions().stream()
                .filter(definition -> variables.contains(definition.getName()))
                .toList();
        List<Definition> parts = new ArrayList<>();
        parts.add(operation.transform(
                builder -> builder.selectionSet(new SelectionSet(selections)).variableDefinitions(definitions)));
        used.forEach(name -> parts.add(fragments.get(name)));
        return AstPrinter.printAst(Document.newDocument().definitions(parts).build());
    }
}
