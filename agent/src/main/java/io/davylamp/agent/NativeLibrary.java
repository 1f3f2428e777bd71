package io.davylamp.agent;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import one.profiler.AsyncProfiler;

/** async-profiler's library, unpacked and loaded; or the reason why this JVM cannot be profiled. */
final class NativeLibrary {
    private final AsyncProfiler profiler;
    private final String unable;

    private NativeLibrary(AsyncProfiler profiler, String unable) {
        this.profiler = profiler;
        this.unable = unable;
    }

    static NativeLibrary load(Outbox outbox) {
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
            return new NativeLibrary(null, "async-profiler has no library for " + system + " on " + machine);
        }
        File file = outbox.file("libasyncProfiler.so");
        try (InputStream in =
                AsyncProfiler.class.getClassLoader().getResourceAsStream(platform + "/libasyncProfiler.so")) {
            if (in == null) {
                return new NativeLibrary(null, "the agent's jar lacks async-profiler's library for " + platform);
            }
            // A file that another process may have mapped must not be overwritten in place.
            if (file.exists() && !file.delete()) {
                throw new IOException("cannot replace " + file);
            }
            try (FileOutputStream out = new FileOutputStream(file)) {
                byte[] buffer = new byte[64 << 10];
                for (int n; (n = in.read(buffer)) > 0; ) {
                    out.write(buffer, 0, n);
                }
            }
            return new NativeLibrary(AsyncProfiler.getInstance(file.getAbsolutePath()), "");
        } catch (Throwable e) {
            return new NativeLibrary(
                    null, "async-profiler's library cannot be loaded from " + file + " (is it mounted noexec?): " + e);
        }
    }

    /** Empty when this JVM can be profiled. */
    String unable() {
        return unable;
    }

    AsyncProfiler profiler() {
        if (profiler == null) {
            throw new IllegalStateException(unable);
        }
        return profiler;
    }
}
