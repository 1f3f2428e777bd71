package io.davylamp.profile.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.davylamp.profile.ProfileLimits;
import io.davylamp.profile.Recordings;
import io.davylamp.profile.jfr.JfrImport;
import io.davylamp.profile.view.Merges;
import io.davylamp.profile.view.Parameters;
import io.davylamp.profile.view.ProfileSource;
import io.davylamp.profile.view.Profiles;
import io.davylamp.profile.view.ViewKind;
import io.davylamp.profile.view.ViewLimits;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The binary form of a flame graph says what the JSON says, by a reader that was written from its documentation. */
class FlameColumnsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ViewLimits LIMITS = new ViewLimits(1 << 20, 100, 1 << 20);

    private static byte[] answer(ProfileSource source, ViewKind view, String words) throws IOException {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        for (String word : words.split("&")) {
            parameters.put(word.split("=")[0], List.of(word.split("=")[1]));
        }
        boolean compared = words.contains("base-");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Profiles views = new Profiles(List.of(source), compared ? List.of(source) : List.of(), Merges.NONE);
        ViewRequest.of(view, new Parameters(parameters), LIMITS).write(views, "test", out);
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "measure=cpu",
                "measure=alloc&nodes=50",
                "measure=alloc&detail=line&by=thread",
                "measure=alloc&reversed=true&nodes=100",
                "measure=cpu&base-threads=main&normalised=true&nodes=80",
                "measure=cpu&base-to=10s&nodes=80",
            })
    void bothFormsSayTheSame(String words) throws IOException {
        ProfileSource source = ProfileSource.of("one", JfrImport.read(Recordings.source("small_spring_multi45.jfr")));

        JsonNode columns = read(answer(source, ViewKind.FLAME, words + "&format=columns"));

        assertThat(columns).isEqualTo(JSON.readTree(answer(source, ViewKind.FLAME, words + "&format=json")));
    }

    @Test
    void namesOfAnyCharactersSurvive() throws IOException {
        ProfileSource source = stacks("größe;名前;\uD83D\uDE00 smile;<b> 3\ngröße;\u2028;\"\\ 4\n");

        JsonNode columns = read(answer(source, ViewKind.FLAME, "format=columns"));

        assertThat(columns).isEqualTo(JSON.readTree(answer(source, ViewKind.FLAME, "format=json")));
    }

    @Test
    void theWorkedExampleOfTheDocumentationIsWhatIsWritten() throws IOException {
        Matcher hex = Pattern.compile("```hex\n([0-9a-f\\s]+)```")
                .matcher(Files.readString(Path.of("../docs/formats/flame-v2.md")));
        assertThat(hex.find()).isTrue();
        byte[] example = HexFormat.of().parseHex(hex.group(1).replaceAll("\\s", ""));

        byte[] written = answer(stacks("run;pay 5\nrun;wait;park 2\n"), ViewKind.FLAME, "format=columns&nodes=4");

        assertThat(HexFormat.of().formatHex(written)).isEqualTo(HexFormat.of().formatHex(example));
    }

    private static ProfileSource stacks(String text) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        return ProfileSource.of("one", CollapsedImport.read(in, ProfileLimits.DEFAULT));
    }

    /** The JSON that a binary answer stands for. */
    private static JsonNode read(byte[] bytes) {
        Reader in = new Reader(bytes);
        assertThat(new String(in.bytes(4), StandardCharsets.US_ASCII)).isEqualTo("DVFT");
        assertThat(in.bytes(1)[0]).isEqualTo((byte) 2);
        ObjectNode answer = JSON.createObjectNode();
        answer.put("measure", in.text());
        answer.put("unit", in.text());
        answer.put("total", 0);
        answer.put("cut", 0);
        ArrayNode kinds = answer.putArray("kinds");
        for (long k = in.varint(); k > 0; k--) {
            kinds.add(in.text());
        }
        ArrayNode names = answer.putArray("names");
        int[] lengths =
                in.column((int) in.varint()).mapToInt(length -> (int) length).toArray();
        String all = in.text();
        int at = 0;
        for (int length : lengths) {
            names.add(all.substring(at, at + length));
            at += length;
        }
        assertThat(at).isEqualTo(all.length());
        int n = (int) in.varint();
        long[] up = in.column(n).toArray();
        int[] parent = new int[n];
        for (int i = 0; i < n; i++) {
            int above = i - 1;
            for (long step = up[i]; step > 0; step--) {
                above = parent[above];
            }
            parent[i] = above;
        }
        ObjectNode nodes = answer.putObject("nodes");
        ArrayNode parents = nodes.putArray("parent");
        for (int each : parent) {
            parents.add(each);
        }
        in.column(n).forEach(nodes.putArray("name")::add);
        in.column(n).forEach(nodes.putArray("kind")::add);
        long sides = in.varint();
        for (int side = 0; side < sides; side++) {
            long[] self = in.column(n).toArray();
            long[] total = in.column(n).toArray();
            if (side == 0) {
                answer.put("cut", LongStream.of(total).sum());
            }
            for (int i = n - 1; i >= 0; i--) {
                total[i] += self[i];
                if (i > 0) {
                    total[parent[i]] += total[i];
                }
            }
            ArrayNode selves = nodes.putArray(side == 0 ? "self" : "baselineSelf");
            ArrayNode totals = nodes.putArray(side == 0 ? "total" : "baselineTotal");
            for (int i = 0; i < n; i++) {
                selves.add(self[i]);
                totals.add(total[i]);
            }
            answer.put(side == 0 ? "total" : "baselineTotal", total[0]);
        }
        for (long facts = in.varint(); facts > 0; facts--) {
            String fact = in.text();
            String value = in.text();
            switch (fact) {
                case "compare" -> answer.put(fact, value);
                case "lacking", "baselineLacking", "warnings" -> {
                    ArrayNode instances = answer.putArray(fact);
                    Arrays.stream(value.split("\n")).forEach(instances::add);
                }
                case "scale", "seconds", "baselineSeconds" -> answer.put(fact, Double.parseDouble(value));
                default -> answer.put(fact, Long.parseLong(value));
            }
        }
        assertThat(in.position).isEqualTo(bytes.length);
        // Numbers of one size, so that trees of JSON are equal when their numbers are.
        return reread(answer);
    }

    private static JsonNode reread(JsonNode answer) {
        try {
            return JSON.readTree(answer.toString());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static final class Reader {
        private final byte[] bytes;
        private int position;

        Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        byte[] bytes(int n) {
            position += n;
            return Arrays.copyOfRange(bytes, position - n, position);
        }

        long varint() {
            long value = 0;
            for (int shift = 0; ; shift += 7) {
                byte b = bytes[position++];
                value |= (b & 0x7fL) << shift;
                if (b >= 0) {
                    return value;
                }
            }
        }

        String text() {
            return new String(bytes((int) varint()), StandardCharsets.UTF_8);
        }

        LongStream column(int n) {
            int head = bytes[position++] & 0xff;
            int width = head & 0x7f;
            int from = position;
            position += n * width;
            return LongStream.range(0, n).map(i -> {
                long value = 0;
                for (int rank = 0; rank < width; rank++) {
                    value |= (bytes[from + rank * n + (int) i] & 0xffL) << 8 * rank;
                }
                return (head & 0x80) != 0 ? value >>> 1 ^ -(value & 1) : value;
            });
        }
    }
}
