package io.davylamp.server;

import io.davylamp.core.store.StoreException;
import io.davylamp.server.settings.SettingsException;
import io.davylamp.store.copy.Copy;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** {@code davy copy --from PLACE --to PLACE [--replace]} */
public final class CopyMain {
    private static final int WRONG_USE = 2;
    private static final int FAILED = 1;
    private static final long TELL_MILLIS = 5_000;
    private static final int SHOWN_TROUBLES = 20;

    private CopyMain() {}

    public static void main(String[] arguments) {
        // Not a return: libraries' threads must not keep us.
        System.exit(run(arguments, System.out, System.err));
    }

    /** Copies, and returns the exit code. */
    static int run(String[] arguments, PrintStream out, PrintStream err) {
        String from = null;
        String to = null;
        boolean replace = false;
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--from" -> from = ++i < arguments.length ? arguments[i] : null;
                case "--to" -> to = ++i < arguments.length ? arguments[i] : null;
                case "--replace" -> replace = true;
                default -> {
                    err.println("davy copy: unknown argument \"" + arguments[i] + "\"; davy copy --help lists them");
                    return WRONG_USE;
                }
            }
        }
        if (from == null || to == null) {
            err.println("davy copy: --from PLACE and --to PLACE are needed; a PLACE is a data folder, or a server's"
                    + " settings file (*.yaml)");
            return WRONG_USE;
        }
        try (CopyPlace source = CopyPlace.source(from);
                CopyPlace target = CopyPlace.target(to, source)) {
            return copy(source, target, replace, out, err);
        } catch (SettingsException e) {
            err.println("davy copy: " + e.getMessage());
            return WRONG_USE;
        } catch (StartException e) {
            err.println("davy copy: " + e.getMessage());
            return FAILED;
        } catch (IOException | StoreException e) {
            err.println("davy copy: " + words(e)
                    + "; nothing that was copied is lost: the same command goes on where it stopped");
            return FAILED;
        } catch (RuntimeException e) {
            err.println("davy copy: failed: " + words(e));
            return FAILED;
        }
    }

    private static String words(Exception e) {
        Throwable cause = e.getCause();
        String why = cause == null || cause.getMessage() == null ? "" : " (" + cause.getMessage() + ")";
        return (e.getMessage() == null ? e.toString() : e.getMessage()) + why;
    }

    private static int copy(CopyPlace source, CopyPlace target, boolean replace, PrintStream out, PrintStream err)
            throws IOException {
        AtomicLong next = new AtomicLong(System.currentTimeMillis() + TELL_MILLIS);
        Copy.Told told = (blobs, bytes) -> {
            long due = next.get();
            long now = System.currentTimeMillis();
            if (now >= due && next.compareAndSet(due, now + TELL_MILLIS)) {
                err.println("davy copy: " + blobs + " blobs compared, " + mb(bytes) + " copied ...");
            }
        };
        try (Copy copy =
                new Copy(source.store(), source.blobs(), target.store(), target.blobs(), Clock.systemUTC(), told)) {
            SortedMap<String, Long> held = copy.held();
            // A copy that was stopped left what is of no use but to the next one.
            if (!held.isEmpty() && !replace && !target.store().isBeingCopied()) {
                err.println("davy copy: " + target.name() + " holds data already: " + numbers(held)
                        + ". Nothing was copied. --replace makes it equal to " + source.name()
                        + " and removes everything else in it");
                return FAILED;
            }
            Copy.Result result = copy.run();
            out.printf(
                    Locale.ROOT,
                    "Copied %s%n  to %s%n  rows: %s%n  blobs: %d copied (%s) and read back, %d there already%n",
                    source.name(),
                    target.name(),
                    result.rows().isEmpty() ? "none" : numbers(result.rows()),
                    result.blobs(),
                    mb(result.bytes()),
                    result.present());
            if (result.alteredTexts() > 0) {
                out.println("  " + result.alteredTexts()
                        + " texts held the character 0, which PostgreSQL cannot hold; it is U+FFFD there");
            }
            return tellTroubles(result.troubles(), err);
        }
    }

    private static int tellTroubles(List<String> troubles, PrintStream err) {
        troubles.stream().limit(SHOWN_TROUBLES).forEach(trouble -> err.println("davy copy: " + trouble));
        if (troubles.size() > SHOWN_TROUBLES) {
            err.println("davy copy: " + (troubles.size() - SHOWN_TROUBLES) + " more like these");
        }
        if (!troubles.isEmpty()) {
            err.println("davy copy: everything else was copied");
        }
        return troubles.isEmpty() ? 0 : FAILED;
    }

    private static String numbers(SortedMap<String, Long> rows) {
        return rows.entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String mb(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", bytes / (double) (1 << 20));
    }
}
