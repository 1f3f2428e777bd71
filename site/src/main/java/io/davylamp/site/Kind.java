package io.davylamp.site;

/** What a page is for. The navigation has one group for each kind, in this order. */
enum Kind {
    TUTORIAL("Tutorial", "Learn it, step by step."),
    HOW_TO("How-to", "Do one thing."),
    CONCEPTS("Concepts", "Understand how it works, and why."),
    REFERENCE("Reference", "Look it up: settings, commands, states, formats, figures."),
    DECISIONS("Decisions", "Why it is built as it is; for those who change the code.");

    final String title;
    final String purpose;

    Kind(String title, String purpose) {
        this.title = title;
        this.purpose = purpose;
    }

    /** The kind of a file, by its path in the repository. */
    static Kind of(String source) {
        if (!source.startsWith("docs/")) {
            return source.equals("CHANGELOG.md") ? REFERENCE : DECISIONS;
        }
        return switch (source.substring("docs/".length()).split("/", 2)[0]) {
            case "tutorial" -> TUTORIAL;
            case "how-to" -> HOW_TO;
            case "concepts" -> CONCEPTS;
            case "adr" -> DECISIONS;
            default -> REFERENCE;
        };
    }
}
