package io.davylamp.profile.jfr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.davylamp.profile.Profile;
import io.davylamp.profile.Recordings;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.UnreadableRecordingException;
import io.davylamp.profile.codec.ProfileCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recordings of JDK 9 and 10: version 1.0, and other names of the same types. They are made here of one of JDK 17. */
class OldFormatTest {
    private static final int VERSION_AT = 4;
    private static final int CHUNK_SIZE_AT = 8;
    private static final int METADATA_OFFSET_AT = 24;
    private static final int UTF8 = 3;

    @TempDir
    private Path folder;

    /** The same events as version 1.0: other metadata at the end of the chunk, the old one is an event that nobody looks at. */
    private static byte[] asOldVersion(byte[] recording) {
        ByteBuffer in = ByteBuffer.wrap(recording);
        assertThat(in.getLong(CHUNK_SIZE_AT)).as("one chunk").isEqualTo(recording.length);
        in.position((int) in.getLong(METADATA_OFFSET_AT));
        int end = in.position();
        end += (int) var(in);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int i = 0; i < 4; i++) { // type, start, duration, id
            putVar(body, var(in));
        }
        long strings = var(in);
        putVar(body, strings);
        for (long i = 0; i < strings; i++) {
            byte[] text = oldName(string(in)).getBytes(StandardCharsets.UTF_8);
            body.write(UTF8);
            putVar(body, text.length);
            body.writeBytes(text);
        }
        body.write(recording, in.position(), end - in.position());

        ByteArrayOutputStream metadata = new ByteArrayOutputStream();
        int size = body.size() + 4;
        for (int shift = 0; shift < 28; shift += 7) {
            metadata.write(size >> shift & 0x7f | (shift < 21 ? 0x80 : 0));
        }
        metadata.writeBytes(body.toByteArray());
        ByteBuffer out = ByteBuffer.allocate(recording.length + metadata.size());
        out.put(recording).put(metadata.toByteArray());
        out.putShort(VERSION_AT, (short) 1).putShort(VERSION_AT + 2, (short) 0);
        out.putLong(CHUNK_SIZE_AT, out.capacity()).putLong(METADATA_OFFSET_AT, recording.length);
        return out.array();
    }

    private static String oldName(String name) {
        return name.startsWith("jdk.types.")
                ? "com.oracle.jfr.types." + name.substring("jdk.types.".length())
                : name.matches("jdk\\.[A-Z].*") ? "com.oracle." + name : name;
    }

    private static long var(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = in.get();
            value |= (b & 0x7fL) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }

    private static void putVar(ByteArrayOutputStream out, long value) {
        long rest = value;
        for (; rest >>> 7 != 0; rest >>>= 7) {
            out.write((int) rest & 0x7f | 0x80);
        }
        out.write((int) rest);
    }

    private static String string(ByteBuffer in) {
        int encoding = in.get();
        switch (encoding) {
            case 0, 1:
                return "";
            case 3, 5:
                byte[] bytes = new byte[(int) var(in)];
                in.get(bytes);
                return new String(bytes, encoding == UTF8 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
            case 4:
                char[] chars = new char[(int) var(in)];
                for (int i = 0; i < chars.length; i++) {
                    chars[i] = (char) var(in);
                }
                return new String(chars);
            default:
                throw new IllegalStateException("encoding " + encoding);
        }
    }

    private static byte[] encoded(Profile profile) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ProfileCodec.write(profile, bytes);
        return bytes.toByteArray();
    }

    @Test
    void aRecordingOfVersion1IsReadAsOneOfToday() throws IOException {
        byte[] today = Recordings.bytes("jdk_small_lucene.jfr");
        byte[] old = asOldVersion(today);

        assertThat(encoded(JfrImport.read(SeekableBytes.of(old))))
                .isEqualTo(encoded(JfrImport.read(SeekableBytes.of(today))));
    }

    /** Guards the making of the file: another reader takes it for what it should be. */
    @Test
    void theJdksReaderSeesTheOldNames() throws IOException {
        Path file = Files.write(folder.resolve("old.jfr"), asOldVersion(Recordings.bytes("jdk_small_lucene.jfr")));

        assertThat(RecordingFile.readAllEvents(file))
                .extracting(RecordedEvent::getEventType)
                .extracting(type -> type.getName())
                .contains("com.oracle.jdk.ExecutionSample")
                .doesNotContain("jdk.ExecutionSample");
    }

    @Test
    void whatOraclesJdk8WritesIsRefusedByName() {
        byte[] older = Arrays.copyOf(Recordings.bytes("tiny_demo.jfr"), 1_000);
        ByteBuffer.wrap(older).putShort(VERSION_AT, (short) 0).putShort(VERSION_AT + 2, (short) 9);

        assertThatThrownBy(() -> JfrImport.read(SeekableBytes.of(older)))
                .isInstanceOf(UnreadableRecordingException.class)
                .hasMessageContaining("0.9")
                .hasMessageContaining("JDK 9 and 10")
                .hasMessageContaining("Oracle's JDK 7 and 8");
    }
}
