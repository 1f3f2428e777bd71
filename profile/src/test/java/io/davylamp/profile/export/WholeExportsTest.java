package io.davylamp.profile.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.davylamp.profile.ProfileLimits;
import io.davylamp.profile.view.InvalidQueryException;
import io.davylamp.profile.view.Merges;
import io.davylamp.profile.view.Parameters;
import io.davylamp.profile.view.ProfileSource;
import io.davylamp.profile.view.Profiles;
import io.davylamp.profile.view.ViewKind;
import io.davylamp.profile.view.ViewLimits;
import io.opentelemetry.proto.profiles.v1development.ProfilesData;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is exported is everything, unless somebody asks for less: then the sum is still exact, and what was cut is told. */
class WholeExportsTest {
    private static final int STACKS = 60_000;
    private static final ViewLimits LIMITS = new ViewLimits(200_000, 100, 200_000);
    private static final ProfileSource WIDE = source(wide());

    /** What an answer adds up to, of how many stacks. */
    private record Sum(long stacks, long value) {}

    private record Answer(byte[] bytes, String told) {}

    private static String wide() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < STACKS; i++) {
            text.append("root;m").append(i).append(" 1\n");
        }
        return text.toString();
    }

    private static ProfileSource source(String text) {
        try {
            return ProfileSource.of(
                    "one",
                    CollapsedImport.read(
                            new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), ProfileLimits.DEFAULT));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Answer answer(ViewKind view, String words, ViewLimits limits, ProfileSource... sources)
            throws IOException {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        for (String word : words.split("&")) {
            parameters.put(word.split("=")[0], List.of(word.split("=")[1]));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Profiles views = new Profiles(List.of(sources), List.of(), Merges.NONE);
        String told = ViewRequest.of(view, new Parameters(parameters), limits).write(views, "test", out);
        return new Answer(out.toByteArray(), told);
    }

    private static Sum sum(String format, byte[] bytes) throws IOException {
        return switch (format) {
            case "collapsed" -> {
                long[] values = text(bytes)
                        .lines()
                        .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                        .toArray();
                yield new Sum(values.length, java.util.Arrays.stream(values).sum());
            }
            case "json" -> {
                JsonNode json = new ObjectMapper().readTree(bytes);
                long stacks = 0;
                long value = json.get("cut").asLong();
                for (JsonNode self : json.get("nodes").get("self")) {
                    stacks += self.asLong() == 0 ? 0 : 1;
                    value += self.asLong();
                }
                assertThat(json.get("total").asLong()).isEqualTo(value);
                yield new Sum(stacks, value);
            }
            case "speedscope" -> {
                JsonNode profile =
                        new ObjectMapper().readTree(bytes).get("profiles").get(0);
                long value = 0;
                for (JsonNode weight : profile.get("weights")) {
                    value += weight.asLong();
                }
                assertThat(profile.get("endValue").asLong()).isEqualTo(value);
                yield new Sum(profile.get("samples").size(), value);
            }
            case "pprof" -> pprof(bytes);
            case "otlp" -> {
                var profile = ProfilesData.parseFrom(bytes)
                        .getResourceProfiles(0)
                        .getScopeProfiles(0)
                        .getProfiles(0);
                yield new Sum(
                        profile.getSamplesCount(),
                        profile.getSamplesList().stream()
                                .flatMap(sample -> sample.getValuesList().stream())
                                .mapToLong(value -> value)
                                .sum());
            }
            default -> throw new AssertionError(format);
        };
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Samples and the sum of their first values, by protobuf's own reader of fields. */
    private static Sum pprof(byte[] bytes) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(new GZIPInputStream(new ByteArrayInputStream(bytes)));
        long samples = 0;
        long value = 0;
        for (int tag; (tag = in.readTag()) != 0; ) {
            if (WireFormat.getTagFieldNumber(tag) != 2) {
                in.skipField(tag);
                continue;
            }
            samples++;
            CodedInputStream sample = in.readBytes().newCodedInput();
            for (int field; (field = sample.readTag()) != 0; ) {
                if (WireFormat.getTagFieldNumber(field) == 2) {
                    value += sample.readBytes().newCodedInput().readInt64();
                } else {
                    sample.skipField(field);
                }
            }
        }
        return new Sum(samples, value);
    }

    @ParameterizedTest
    @CsvSource({"collapsed", "json", "speedscope", "pprof", "otlp"})
    void everyStackIsInEveryExport(String format) throws IOException {
        Answer answer = answer(ViewKind.FLAME, "format=" + format, LIMITS, WIDE);

        assertThat(sum(format, answer.bytes())).isEqualTo(new Sum(STACKS, STACKS));
        assertThat(answer.told()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "by=instance",
        "by=thread",
        "by=thread%state",
        "reversed=true",
        "fold-recursion=true",
        "order=time",
        "detail=line"
    })
    void everyStackIsInEveryShape(String words) throws IOException {
        String asked = words.replace('%', ',') + "&format=collapsed";

        assertThat(sum("collapsed", answer(ViewKind.FLAME, asked, LIMITS, WIDE).bytes()))
                .isEqualTo(new Sum(STACKS, STACKS));
    }

    @Test
    void mergedProfilesCallersAndCalleesAreWhole() throws IOException {
        ProfileSource others = source(wide().replace("m", "other"));

        assertThat(sum(
                        "collapsed",
                        answer(ViewKind.FLAME, "format=collapsed", LIMITS, WIDE, others)
                                .bytes()))
                .isEqualTo(new Sum(2 * STACKS, 2 * STACKS));
        assertThat(sum(
                        "collapsed",
                        answer(ViewKind.CALLEES, "method=root&format=collapsed", LIMITS, WIDE)
                                .bytes()))
                .isEqualTo(new Sum(STACKS, STACKS));
        Answer callers = answer(ViewKind.CALLERS, "method=root&format=collapsed", LIMITS, WIDE);
        assertThat(text(callers.bytes())).isEqualTo("root " + STACKS + "\n");
    }

    @Test
    void aPageOfItsOwnHoldsAllNodes() throws IOException {
        Answer page = answer(ViewKind.FLAME, "format=html", LIMITS, WIDE);

        Matcher tree = Pattern.compile("<script type=\"application/vnd.davylamp.flame\">([^<]*)</script>")
                .matcher(text(page.bytes()));
        assertThat(tree.find()).isTrue();
        byte[] columns =
                new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(tree.group(1)))).readAllBytes();
        assertThat(columns)
                .isEqualTo(answer(ViewKind.FLAME, "format=columns&nodes=200000", LIMITS, WIDE)
                        .bytes());
    }

    @Test
    void noTitleAndNoNameIsMarkupInAPageOfItsOwn() throws IOException {
        StringBuilder plain = new StringBuilder();
        FlameHtml.write("a", List.of(), List.of(), plain);
        StringBuilder page = new StringBuilder();
        FlameHtml.write("</title><script>alert(1)</script>&amp;", List.of(), List.of(), page);
        String named = text(answer(
                        ViewKind.FLAME,
                        "format=html",
                        LIMITS,
                        source("</script><script>alert(2)</script>;<!--<script> 3\n"))
                .bytes());

        assertThat(page.toString())
                .contains("&lt;/title>&lt;script>alert(1)&lt;/script>&amp;amp;")
                .doesNotContain("<script>alert");
        assertThat(tags(page.toString())).isEqualTo(tags(plain.toString()));
        assertThat(named).doesNotContain("alert(2)");
        assertThat(tags(named)).as("and the tree").isEqualTo(tags(plain.toString()) + 2);
    }

    private static int tags(String html) {
        return html.split("</?(?:script|title|img)\\b", -1).length;
    }

    @ParameterizedTest
    @CsvSource({
        "collapsed, 1, 1",
        "collapsed, 1000, 999",
        "json, 1000, 998",
        "speedscope, 1000, 999",
        "pprof, 1000, 999",
        "otlp, 1000, 999"
    })
    void underABudgetTheSumIsExactAndWhatWasCutIsTold(String format, int nodes, int stacks) throws IOException {
        Answer answer = answer(ViewKind.FLAME, "format=" + format + "&nodes=" + nodes, LIMITS, WIDE);

        assertThat(sum(format, answer.bytes())).isEqualTo(new Sum(stacks, STACKS));
        assertThat(answer.told())
                .startsWith("only the " + nodes + " largest nodes")
                .contains(" of 60000 events (");
    }

    @ParameterizedTest
    @CsvSource({"CALLERS, method=m1&nodes=1", "CALLERS, method=root&nodes=1", "CALLEES, method=root&nodes=10"})
    void aBudgetKeepsTheSumBelowAMethodToo(ViewKind view, String words) throws IOException {
        Answer answer = answer(view, words + "&format=collapsed", LIMITS, WIDE);

        assertThat(sum("collapsed", answer.bytes()).value()).isEqualTo(words.contains("m1") ? 1 : STACKS);
    }

    @Test
    void aPathsOwnValueIsInItsExport() throws IOException {
        ProfileSource small = source("a;b 3\na;b;c 4\n");

        Answer answer = answer(ViewKind.FLAME, "path=a&format=collapsed", LIMITS, small);

        assertThat(text(answer.bytes())).isEqualTo("a;b 3\na;b;c 4\n");
    }

    @Test
    void aViewThatIsTooLargeToBeWholeIsRefusedNotCut() {
        ViewLimits few = new ViewLimits(100, 100, 100);

        assertThatThrownBy(() -> answer(ViewKind.FLAME, "reversed=true&format=collapsed", few, WIDE))
                .isInstanceOf(InvalidQueryException.class)
                .hasMessageContaining("more than 100 nodes");
    }
}
