package io.davylamp.agent.run;

import io.davylamp.agent.host.Unable;
import io.davylamp.agent.keep.Folder;
import io.davylamp.agent.keep.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Locale;
import one.profiler.AsyncProfiler;

/**
 * async-profiler's library, unpacked and loaded; or the reason why this JVM cannot be profiled. One file serves all JVMs of a
 * machine and user; the same binary runs on glibc and musl.
 */
public final class NativeLibrary {
    private static final int STAMP_BYTES = 8;

    /**
     * The newest Java that the library of this jar is loaded into. One that does not know the inside of its JVM can end it while
     * it is loaded: async-profiler 4.6 does, on Java 28. It was run on 8 to 25, not on 26 and 27. Raise it after
     * {@code ./davy test --jdks}.
     */
    private static final int NEWEST = 27;

    private final AsyncProfiler profiler;
    private final Unable unable;
    /** Null when it could not be unpacked. */
    private final File file;

    private NativeLibrary(AsyncProfiler profiler, Unable unable, File file) {
        this.profiler = profiler;
        this.unable = unable;
        this.file = file;
    }

    public static NativeLibrary none(Unable unable) {
        return new NativeLibrary(null, unable, null);
    }

    /** @param folder below which it may write */
    public static NativeLibrary load(File folder) {
        Unable unknown = unknown(FlightRecorderEngine.feature(System.getProperty("java.specification.version", "")));
        if (!unknown.isEmpty()) {
            return none(unknown);
        }
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String machine = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        String platform;
        if (system.contains("linux") && (machine.equals("amd64") || machine.equals("x86_64"))) {
            platform = "linux-x64";
        } else if (system.contains("linux") && machine.equals("aarch64")) {
            platform = "linux-arm64";
        } else if (system.contains("mac")) {
            platform = "macos";
        } else {
            return none(
                    Unable.because(Unable.PLATFORM, "async-profiler has no library for " + system + " on " + machine));
        }
        File file = null;
        try {
            byte[] library = bytes(platform + "/libasyncProfiler.so");
            if (library == null) {
                return none(Unable.because(
                        Unable.PLATFORM, "the agent's jar lacks async-profiler's library for " + platform));
            }
            file = unpack(library, new File(folder, "lib"));
            return new NativeLibrary(AsyncProfiler.getInstance(file.getAbsolutePath()), Unable.NO, file);
        } catch (IOException e) {
            return none(Unable.because(
                    Unable.FOLDER,
                    "async-profiler's library cannot be unpacked below " + folder
                            + " (set folder= or DAVY_FOLDER to another): " + e));
        } catch (Throwable e) {
            return new NativeLibrary(
                    null,
                    Unable.because(
                            Unable.LIBRARY,
                            "async-profiler's library cannot be loaded from " + file
                                    + " (is it mounted noexec? set folder= or DAVY_FOLDER to another): " + e),
                    file);
        }
    }

    /** Why the library is not even loaded into a JVM of that feature release; empty when it is. */
    static Unable unknown(int feature) {
        return Unable.because(
                Unable.PLATFORM,
                feature <= NEWEST
                        ? ""
                        : "the async-profiler of this agent is for Java up to " + NEWEST + ", and this is Java "
                                + feature
                                + "; in a newer JVM it can crash, so it is not loaded (a newer agent may have a newer one)");
    }

    private static byte[] bytes(String name) throws IOException {
        try (InputStream in = NativeLibrary.class.getClassLoader().getResourceAsStream(name)) {
            if (in == null) {
                return null;
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 20);
            byte[] buffer = new byte[64 << 10];
            for (int n; (n = in.read(buffer)) > 0; ) {
                out.write(buffer, 0, n);
            }
            return out.toByteArray();
        }
    }

    /** Under a name of its content, and never in place: another JVM may have it mapped. */
    private static File unpack(byte[] library, File folder) throws IOException {
        StringBuilder stamp = new StringBuilder();
        byte[] hash = Sha256.of(library);
        for (int i = 0; i < STAMP_BYTES; i++) {
            stamp.append(String.format("%02x", hash[i]));
        }
        File file = new File(folder, "libasyncProfiler-" + stamp + ".so");
        if (file.length() == library.length && Arrays.equals(Files.readAllBytes(file.toPath()), library)) {
            return file;
        }
        Files.createDirectories(folder.toPath());
        File unfinished = File.createTempFile("lib", ".tmp", folder);
        try {
            try (FileOutputStream out = new FileOutputStream(unfinished)) {
                out.write(library);
            }
            Files.move(
                    unfinished.toPath(),
                    file.toPath(),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Folder.delete(unfinished);
        }
        return file;
    }

    /** Empty when this JVM can be profiled. */
    public Unable unable() {
        return unable;
    }

    /** Returns the path of the library; null when there is none. */
    public File file() {
        return file;
    }

    AsyncProfiler profiler() {
        if (profiler == null) {
            throw new IllegalStateException(unable.reason);
        }
        return profiler;
    }
}
