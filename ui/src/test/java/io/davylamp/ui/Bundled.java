package io.davylamp.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;

/** Where the build has put what it made of the page. */
final class Bundled {
    private Bundled() {}

    /** The module's folder. */
    static Path home() {
        return Path.of(System.getProperty("davylamp.ui", "."));
    }

    /**
     * Returns the folder of the page's own tests, a file of JavaScript each. Skips the calling test where the build bundles
     * nothing, because the bundler that it uses is a program for linux-x64. A bundle that is missing there fails the test.
     */
    static Path tests() {
        assumeTrue(
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("os.arch").equals("amd64"),
                "the page is bundled on linux-x64 only");
        Path tests = home().resolve("target/page-tests");
        assertThat(tests).as("the page's tests, which the build bundles").isDirectory();
        return tests;
    }
}
