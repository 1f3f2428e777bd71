import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * Writes the JDK's classes into a jar, for the shrinker to look at: not every JDK comes with jmods. {@code java JdkClasses.java
 * JAR MODULE...}
 */
final class JdkClasses {
    public static void main(String[] arguments) throws IOException {
        FileSystem jdk = FileSystems.getFileSystem(URI.create("jrt:/"));
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(Path.of(arguments[0])))) {
            for (String name : List.of(arguments).subList(1, arguments.length)) {
                Path module = jdk.getPath("modules", name);
                try (Stream<Path> files = Files.walk(module)) {
                    for (Path file : (Iterable<Path>) files.filter(JdkClasses::isClass)::iterator) {
                        out.putNextEntry(new JarEntry(module.relativize(file).toString()));
                        Files.copy(file, out);
                        out.closeEntry();
                    }
                }
            }
        }
    }

    private static boolean isClass(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".class") && !name.equals("module-info.class");
    }
}
