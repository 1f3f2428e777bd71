package io.davylamp.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.core.query.ProfileQuery;
import io.davylamp.core.query.QueryLimits;
import io.davylamp.core.store.Blobs;
import io.davylamp.profile.Profile;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.codec.ProfileCodec;
import io.davylamp.profile.export.ViewRequest;
import io.davylamp.profile.jfr.JfrImport;
import io.davylamp.profile.view.Parameters;
import io.davylamp.profile.view.Profiles;
import io.davylamp.profile.view.ViewKind;
import io.davylamp.profile.view.ViewLimits;
import io.davylamp.store.file.FileBlobs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures the flame graph of a recording from a profile that the server has not read before: from files, and from S3. Run it
 * with {@code -Ddavylamp.cold=RECORDING}; where {@code DAVY_TEST_BUCKET} is set, also on that service.
 */
@EnabledIfSystemProperty(named = "davylamp.cold", matches = ".+")
class ColdFlameGraphTest {
    private static final int ROUNDS = 60;

    @TempDir
    Path folder;

    @Test
    void measures() throws Exception {
        Profile profile;
        try (FileChannel recording = FileChannel.open(Path.of(System.getProperty("davylamp.cold")))) {
            profile = JfrImport.read(SeekableBytes.of(recording));
        }
        try (S3Server server = new S3Server()) {
            Blobs files = FileBlobs.open(folder);
            Blobs proxy = S3Blobs.open(server.config("cold"), S3Server.CREDENTIALS);
            Blobs given = System.getenv("DAVY_TEST_BUCKET") == null
                    ? null
                    : S3Blobs.open(S3Config.of(
                            "s3://" + System.getenv("DAVY_TEST_BUCKET") + "/cold",
                            System.getenv("DAVY_TEST_ENDPOINT"),
                            "",
                            true));
            List<Blobs> all = given == null ? List.of(files, proxy) : List.of(files, proxy, given);
            List<String> names = List.of("files", "S3Proxy", "given service");
            long[][] nanos = new long[all.size()][ROUNDS];
            long size = 0;
            for (Blobs blobs : all) {
                try (Blobs.Writer writer = blobs.writer("a/profile")) {
                    OutputStream out = writer.stream();
                    ProfileCodec.write(profile, out);
                    writer.commit();
                }
                try (Blobs.Blob blob = blobs.open("a/profile").orElseThrow()) {
                    size = blob.sizeBytes();
                }
            }
            int reads = 0;
            // In turns, so that what else the machine does meets all of them.
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < all.size(); i++) {
                    int before = server.reads();
                    long start = System.nanoTime();
                    assertThat(flame(all.get(i))).isPositive();
                    nanos[i][round] = System.nanoTime() - start;
                    reads = Math.max(reads, server.reads() - before);
                }
            }
            System.out.printf("profile of %d bytes, %d calls to S3 for a flame graph%n", size, reads);
            double base = 0;
            for (int i = 0; i < all.size(); i++) {
                long[] sorted = Arrays.copyOfRange(nanos[i], ROUNDS / 3, ROUNDS);
                Arrays.sort(sorted);
                double median = sorted[sorted.length / 2] / 1e6;
                base = i == 0 ? median : base;
                System.out.printf(
                        "%s: median %.1f ms (%.2f), fastest %.1f ms, p90 %.1f ms%n",
                        names.get(i), median, median / base, sorted[0] / 1e6, sorted[sorted.length * 9 / 10] / 1e6);
            }
        }
    }

    /** As a server that has just been started, warm as code is. */
    private static int flame(Blobs blobs) throws IOException {
        ProfileQuery query = new ProfileQuery(blobs, QueryLimits.DEFAULT);
        Profiles profiles = query.views(List.of(query.source("a/profile", "one")), List.of());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ViewRequest.of(ViewKind.FLAME, new Parameters(Map.of()), new ViewLimits(200_000, 100_000, 1_000_000))
                .write(profiles, "one", out);
        return out.size();
    }
}
