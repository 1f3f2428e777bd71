package io.davylamp.profile.export;

import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileLimits;
import io.davylamp.profile.UnreadableRecordingException;
import io.davylamp.profile.view.Detail;
import io.davylamp.profile.view.FrameTree;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Jazzer's target for pprof, speedscope and perf script; each is also given what the others read. */
public final class ForeignFilesFuzz {
    private static final ProfileLimits LIMITS = new ProfileLimits(1 << 18, 1 << 18, 256);

    private interface Read {
        void run() throws IOException;
    }

    private ForeignFilesFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        PprofImport.isPprof(data);
        FileKind.of(data);
        FileKind.ofText(data, data.length);
        tried(() ->
                PprofImport.read(() -> new ByteArrayInputStream(data), LIMITS).summaries());
        tried(() -> SpeedscopeImport.read(() -> new ByteArrayInputStream(data), LIMITS)
                .summaries());
        tried(() ->
                PerfScriptImport.read(new ByteArrayInputStream(data), LIMITS).summaries());
    }

    /** One small file of each kind. */
    public static List<byte[]> seeds() throws IOException {
        Profile profile = CollapsedImport.read(
                new ByteArrayInputStream("main;a.B.c 3\nmain;libx.so.y 4\n".getBytes(StandardCharsets.UTF_8)), LIMITS);
        FrameTree tree = FrameTree.of(profile, profile.measures().firstKey(), Detail.LINE)
                .sorted();
        ByteArrayOutputStream pprof = new ByteArrayOutputStream();
        Pprof.write(tree, true, 1, 2, pprof);
        String frames = "{\"shared\":{\"frames\":[{\"name\":\"a\",\"line\":3},{\"name\":\"b\"}]},\"profiles\":[";
        return List.of(
                new GZIPInputStream(new ByteArrayInputStream(pprof.toByteArray())).readAllBytes(),
                (frames + "{\"type\":\"sampled\",\"name\":\"cpu\",\"unit\":\"none\",\"samples\":[[0,1],[0]],"
                                + "\"weights\":[1,2.5]}]}")
                        .getBytes(StandardCharsets.UTF_8),
                (frames + "{\"type\":\"evented\",\"unit\":\"seconds\",\"startValue\":0,\"endValue\":9,\"events\":["
                                + "{\"type\":\"O\",\"frame\":0,\"at\":1},{\"type\":\"C\",\"frame\":0,\"at\":5}]}]}")
                        .getBytes(StandardCharsets.UTF_8),
                ("java 7/8 [001] 10.5: 250000 cpu-clock:u: \n\t7f12 f+0x1 (/lib/libc.so.6)\n\t0 [unknown] ([kernel.kallsyms])\n\n"
                                + "x 1 11.5: 1 cycles: \n\t7f g (/bin/x)\n")
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static void tried(Read read) throws IOException {
        try {
            read.run();
        } catch (UnreadableRecordingException e) {
            // what a bad file is for
        }
    }
}
