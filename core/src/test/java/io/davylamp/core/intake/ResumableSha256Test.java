package io.davylamp.core.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ResumableSha256Test {
    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @Test
    void givesTheSameAsTheJdkForEveryLengthUpToSomeBlocks() {
        for (int length = 0; length < 300; length++) {
            byte[] bytes = random(length);
            assertThat(new ResumableSha256().digest(bytes))
                    .as("%d bytes", length)
                    .isEqualTo(Sha256.start().digest(bytes));
        }
    }

    @Test
    void continuesAfterEveryByteInAnotherProcess() {
        byte[] bytes = random(200);
        byte[] expected = Sha256.start().digest(bytes);
        for (int cut = 0; cut <= bytes.length; cut++) {
            ResumableSha256 first = new ResumableSha256();
            first.update(bytes, 0, cut);
            String state = first.state();

            ResumableSha256 second = ResumableSha256.after(cut, state).orElseThrow();
            second.update(bytes, cut, bytes.length - cut);

            assertThat(second.digest()).as("cut after %d", cut).isEqualTo(expected);
        }
    }

    @Test
    void giveTheSameWhateverThePiecesAre() {
        byte[] bytes = random(100_000);
        Random lengths = new Random(1);
        ResumableSha256 hash = new ResumableSha256();
        for (int at = 0; at < bytes.length; ) {
            int piece = Math.min(bytes.length - at, lengths.nextInt(500));
            hash.update(bytes, at, piece);
            at += piece;
        }

        assertThat(hash.digest()).isEqualTo(Sha256.start().digest(bytes));
        assertThat(hash.digest())
                .as("after a digest it starts anew")
                .isEqualTo(Sha256.start().digest());
    }

    @Test
    void refusesAStateThatIsNotOfThatLength() {
        ResumableSha256 hash = new ResumableSha256();
        hash.update(random(70));
        String state = hash.state();

        assertThat(ResumableSha256.after(70, state)).isPresent();
        assertThat(ResumableSha256.after(71, state)).isEmpty();
        assertThat(ResumableSha256.after(-58, state)).isEmpty();
        assertThat(ResumableSha256.after(70, "no Base64!")).isEmpty();
        byte[] cut = Arrays.copyOf(Base64.getDecoder().decode(state), 20);
        assertThat(ResumableSha256.after(70, Base64.getEncoder().encodeToString(cut)))
                .isEmpty();
    }
}
