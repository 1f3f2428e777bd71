package io.davylamp.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Runs the tests that are written in TypeScript beside this one, {@code src/test/ts}, and reports each of their cases. */
class PageTest {
    @TestFactory
    List<DynamicContainer> page() throws IOException {
        List<DynamicContainer> files = new ArrayList<>();
        // Without a compiler of its own the engine warns that it is slow; it is fast enough for this.
        try (Engine engine = Engine.newBuilder("js")
                .option("engine.WarnInterpreterOnly", "false")
                .build()) {
            for (Path file : files()) {
                String name = file.getFileName().toString().replace(".test.js", "");
                files.add(DynamicContainer.dynamicContainer(name, cases(engine, file)));
            }
        }
        return files;
    }

    /** Runs the cases of a file now and reports them later, when the engine is gone. */
    private static List<DynamicTest> cases(Engine engine, Path file) throws IOException {
        List<DynamicTest> cases = new ArrayList<>();
        try (Context context = Context.newBuilder("js").engine(engine).build()) {
            context.eval(Source.newBuilder("js", file.toFile()).build());
            Value all = context.getBindings("js").getMember("davylampTests");
            Value run = context.eval(
                    "js", "each => { try { each.run(); return ''; } catch (e) { return String(e && e.stack || e); } }");
            for (long i = 0; i < all.getArraySize(); i++) {
                Value each = all.getArrayElement(i);
                String wrong = run.execute(each).asString();
                String name = each.getMember("name").asString();
                cases.add(DynamicTest.dynamicTest(
                        name, () -> assertThat(wrong).as(name).isEmpty()));
            }
        }
        assertThat(cases).as("cases of %s", file).isNotEmpty();
        return cases;
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(Bundled.tests())) {
            return files.filter(file -> file.toString().endsWith(".test.js"))
                    .sorted()
                    .toList();
        }
    }
}
