package io.davylamp.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.caoccao.javet.interop.V8Host;
import com.caoccao.javet.interop.V8Runtime;
import com.caoccao.javet.values.reference.V8ValueObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The bundler takes the types away without looking at them: this looks, with the settings of {@code tsconfig.json}. TypeScript's
 * compiler comes from Maven and runs in V8, where these files are all that it sees.
 */
class TypesTest {
    private static final String CHECK = """
            (() => {
              const under = folder => Object.keys(files).filter(file => file.startsWith(folder));
              const host = {
                useCaseSensitiveFileNames: true,
                fileExists: file => file in files,
                readFile: file => files[file],
                readDirectory: () => under("/ui/src/"),
                directoryExists: folder => under(folder + "/").length > 0,
                getDirectories: () => [],
                getSourceFile: (file, options) => file in files ? ts.createSourceFile(file, files[file], options, true) : undefined,
                getDefaultLibFileName: options => "/types/" + ts.getDefaultLibFileName(options),
                getCurrentDirectory: () => "/ui",
                getCanonicalFileName: file => file,
                getNewLine: () => "\\n",
                writeFile: () => {},
              };
              const json = ts.parseConfigFileTextToJson("/ui/tsconfig.json", files["/ui/tsconfig.json"]);
              const config = ts.parseJsonConfigFileContent(json.config, host, "/ui");
              const program = ts.createProgram(config.fileNames, config.options, { ...host, useCaseSensitiveFileNames: () => true });
              return ts.formatDiagnostics([...config.errors, ...ts.getPreEmitDiagnostics(program)], host);
            })()""";

    @Test
    void thePagesTypesFit() throws Exception {
        assertThat(problems(Map.of())).isEmpty();
    }

    @Test
    void aTypeThatDoesNotFitIsFound() throws Exception {
        String problems = problems(Map.of("/ui/src/wrong.ts", """
                import { bytes } from "./lib/format";
                export const size: number = bytes(1);
                """));

        assertThat(problems).contains("src/wrong.ts(2,14)", "Type 'string' is not assignable to type 'number'");
    }

    private static String problems(Map<String, String> more) throws Exception {
        Bundled.tests();
        Path ui = Bundled.home();
        Map<String, String> files = new HashMap<>(more);
        files.put("/ui/tsconfig.json", Files.readString(ui.resolve("tsconfig.json")));
        read(ui.resolve("src"), "/ui/src/", name -> name.matches(".*\\.tsx?"), files);
        read(
                ui.resolve("target/node_modules/preact"),
                "/ui/target/node_modules/preact/",
                name -> name.endsWith(".d.ts") || name.endsWith("package.json"),
                files);
        read(ui.resolve("target/typescript"), "/types/", name -> name.endsWith(".d.ts"), files);
        try (V8Runtime v8 = V8Host.getV8Instance().createV8Runtime()) {
            try (V8ValueObject given = v8.createV8ValueObject()) {
                for (Map.Entry<String, String> file : files.entrySet()) {
                    given.set(file.getKey(), file.getValue());
                }
                v8.getGlobalObject().set("files", given);
            }
            v8.getExecutor(ui.resolve("target/typescript/typescript.js").toFile())
                    .executeVoid();
            return v8.getExecutor(CHECK).executeString();
        }
    }

    private static void read(Path folder, String as, Predicate<String> wanted, Map<String, String> into)
            throws IOException {
        try (Stream<Path> found = Files.walk(folder)) {
            List<Path> files =
                    found.filter(file -> wanted.test(file.toString())).toList();
            assertThat(files).isNotEmpty();
            for (Path file : files) {
                into.put(as + folder.relativize(file).toString().replace('\\', '/'), Files.readString(file));
            }
        }
    }
}
