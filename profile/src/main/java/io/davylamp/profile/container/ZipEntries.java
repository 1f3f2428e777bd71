package io.davylamp.profile.container;

import io.davylamp.profile.UnreadableRecordingException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/**
 * Which entry of a zip is meant. Entries are read one after the other, as they come: the directory at the archive's end, which may
 * claim anything, is not looked at.
 */
final class ZipEntries {
    private static final int MAX_ENTRIES = 1_000;
    private static final int MAX_NAMED = 5;
    private static final int MAX_NAME = 80;
    private static final int BUFFER_BYTES = 64 << 10;

    private ZipEntries() {}

    /**
     * The only file of a zip, or the only one that is a recording or packed itself. Folders and what systems add of their own
     * accord do not count.
     *
     * @param allowed unpacked bytes of all entries
     * @return its place among all entries
     */
    static int choose(InputStream packed, long allowed, int lookBytes) throws IOException {
        List<Integer> files = new ArrayList<>();
        List<Integer> recordings = new ArrayList<>();
        List<String> names = new ArrayList<>();
        byte[] rest = new byte[BUFFER_BYTES];
        long count = 0;
        int place = 0;
        try (ZipInputStream zip = new ZipInputStream(packed, StandardCharsets.ISO_8859_1)) {
            for (ZipEntry entry; (entry = zip.getNextEntry()) != null; place++) {
                if (place == MAX_ENTRIES) {
                    throw new UnreadableRecordingException("the zip has more than " + MAX_ENTRIES + " entries", null);
                }
                byte[] start = zip.readNBytes(lookBytes);
                if (isFile(entry.getName())) {
                    files.add(place);
                    names.add(shown(entry.getName()));
                    if (isRecording(start) || Container.of(start) != null) {
                        recordings.add(place);
                    }
                }
                count += start.length;
                for (int n; (n = zip.read(rest)) >= 0; ) {
                    count += n;
                    if (count > allowed) {
                        throw Unpacked.tooLarge(allowed);
                    }
                }
            }
        } catch (UnreadableRecordingException e) {
            throw e;
        } catch (Unpacked.FileFailure e) {
            throw e.getCause();
        } catch (IOException | RuntimeException e) {
            if (files.size() != 1) {
                throw new UnreadableRecordingException("the zip is damaged (" + e.getMessage() + ")", e);
            }
            // Told again, with what comes before it, by whoever reads that one entry.
        }
        List<Integer> candidates = files.size() == 1 ? files : recordings;
        if (candidates.size() == 1) {
            return candidates.get(0);
        }
        throw new UnreadableRecordingException(
                files.isEmpty()
                        ? "the zip holds no file"
                        : "the zip holds " + files.size() + " files ("
                                + String.join(", ", names.subList(0, Math.min(MAX_NAMED, names.size())))
                                + (names.size() > MAX_NAMED ? ", …" : "") + "), of which " + recordings.size()
                                + " are recordings; take out the one to be opened",
                null);
    }

    /** The content of one entry; closing it closes {@code packed}. */
    static InputStream open(InputStream packed, int place) throws IOException {
        ZipInputStream zip = new ZipInputStream(packed, StandardCharsets.ISO_8859_1);
        for (int i = 0; i <= place; i++) {
            if (zip.getNextEntry() == null) {
                throw new ZipException("the entry is gone");
            }
        }
        return zip;
    }

    private static boolean isFile(String name) {
        String last = name.substring(name.lastIndexOf('/') + 1);
        return !last.isEmpty() && !last.startsWith(".") && !name.startsWith("__MACOSX/");
    }

    private static boolean isRecording(byte[] start) {
        return start.length >= 4 && start[0] == 'F' && start[1] == 'L' && start[2] == 'R' && start[3] == 0;
    }

    private static String shown(String name) {
        String oneLine = name.replaceAll("\\p{Cntrl}", "?");
        return oneLine.length() <= MAX_NAME ? oneLine : oneLine.substring(0, MAX_NAME) + "…";
    }
}
