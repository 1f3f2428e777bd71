package io.davylamp.ui;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the build has put what it made of the page. */
final class Bundled {
    private Bundled() {}

    /** The module's folder. */
    static Path home() {
        return Path.of(System.getProperty("davylamp.ui", "."));
    }

    /** The page's own tests, a file of JavaScript each. Skips the test where the build bundles nothing: not on linux-x64. */
    static Path tests() {
        Path tests = home().resolve("target/page-tests");
        assumeTrue(Files.exists(tests), "the page is bundled on linux-x64 only");
        return tests;
    }
}
