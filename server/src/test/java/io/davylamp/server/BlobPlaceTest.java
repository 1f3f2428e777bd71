package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.davylamp.core.intake.UploadLimits;
import io.davylamp.core.store.Blobs;
import io.davylamp.server.settings.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlobPlaceTest {
    @TempDir
    Path folder;

    private static BlobPlace of(String... assignments) throws IOException {
        return BlobPlace.of(Settings.of(null, Map.of(), List.of(assignments)));
    }

    @Test
    void keepsFilesWhereNoBucketIsGiven() throws IOException {
        try (BlobPlace.Place place = of().open(folder);
                Blobs.Writer writer = place.blobs().writer("a/b")) {
            writer.commit();
            place.tidy();
        }

        assertThat(folder.resolve("a/b")).exists();
    }

    @Test
    void takesNoMoreUploadsToABucketThanHalfOfTheHeapHasRoomFor() throws IOException {
        UploadLimits asked = UploadLimits.DEFAULT;
        BlobPlace bucket = of("data.blobs=s3://bucket");

        assertThat(bucket.fitting(asked, 1L << 30)).isEqualTo(asked);
        assertThat(bucket.fitting(asked, 256L << 20).parallel()).isEqualTo(21);
        assertThat(bucket.fitting(asked, 1 << 20).parallel()).isEqualTo(1);
        assertThat(of().fitting(asked, 1 << 20)).isEqualTo(asked);
    }

    @Test
    void refusesWhatIsNoBucket() {
        assertThatThrownBy(() -> of("data.blobs=/srv/blobs"))
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith("setting data.blobs: \"/srv/blobs\" is not s3://bucket or s3://bucket/prefix");
    }

    @Test
    void looksForUnfinishedUploadsAsOftenAsTheyGrowOldButNotMoreSeldomThanEachHour() throws IOException {
        assertThat(of("data.blobs=s3://bucket/below").bucket().orElseThrow().abandonedAfter())
                .isEqualTo(Duration.ofDays(7));
        assertThat(of("data.blobs=s3://bucket/below", "data.blobs-unfinished=1m")
                        .bucket()
                        .orElseThrow()
                        .abandonedAfter())
                .isEqualTo(Duration.ofMinutes(1));
        assertThat(BlobPlace.sweep(Duration.ofDays(7))).isEqualTo(Duration.ofHours(1));
        assertThat(BlobPlace.sweep(Duration.ofMinutes(1))).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void saysWhatWasTriedWhenTheBucketCannotBeReached() throws IOException {
        System.setProperty("aws.accessKeyId", "key");
        System.setProperty("aws.secretAccessKey", "secret");
        try {
            BlobPlace place = of("data.blobs=s3://bucket/below", "data.blobs-endpoint=127.0.0.1:1");

            assertThatThrownBy(() -> place.open(folder))
                    .isInstanceOf(StartException.class)
                    .hasMessageStartingWith(
                            "setting data.blobs: the server cannot write an object in s3://bucket/below at"
                                    + " http://127.0.0.1:1: no connection can be made");
            assertThat(folder).isEmptyDirectory();
        } finally {
            System.clearProperty("aws.accessKeyId");
            System.clearProperty("aws.secretAccessKey");
        }
    }
}
