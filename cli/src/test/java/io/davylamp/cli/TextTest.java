package io.davylamp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0    | instance | 0 instances",
                "1    | instance | 1 instance",
                "2    | instance | 2 instances",
                "1024 | sample   | 1,024 samples",
                "2    | query    | 2 queries"
            })
    void nounsFollowTheirNumber(long number, String noun, String text) {
        assertThat(Text.count(number, noun)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "47, org.apache.lucene.index.IndexWriter.addDocument",
        "46, o.apache.lucene.index.IndexWriter.addDocument",
        "30, o.a.l.i.IndexWriter.addDocument",
        "20, …exWriter.addDocument"
    })
    void aNameLosesItsPackagesFirstAndItsBeginningLast(int columns, String shortened) {
        String name = Text.shorten("org.apache.lucene.index.IndexWriter.addDocument", columns);

        assertThat(name.length()).isLessThanOrEqualTo(columns);
        assertThat(shortened).endsWith(name.replace("…", "").substring(2));
    }

    @ParameterizedTest
    @CsvSource({"recrod, record", "insances, instances", "--mesure, --measure", "serv, server", "hto, hot", "xyzzy, ''"
    })
    void aSlipOfTheHandGetsASuggestion(String given, String meant) {
        List<String> known = List.of("record", "instances", "server", "hot", "flame", "--measure", "--min");

        assertThat(Text.similar(given, known)).isEqualTo(meant.isEmpty() ? List.of() : List.of(meant));
    }

    @Test
    void wordsAreWrappedAndNeverCut() {
        assertThat(Text.wrap("one two three", 7)).containsExactly("one two", "three");
        assertThat(Text.wrap("a-word-that-is-long", 7)).containsExactly("a-word-that-is-long");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-25T12:00:00Z, now",
        "2026-11-25T11:59:20Z, 40 s ago",
        "2026-11-25T11:50:00Z, 10 min ago",
        "2026-11-25T09:00:00Z, 3 h ago",
        "2026-11-23T12:00:00.123Z, 2026-11-23T12:00:00Z",
        "2026-11-25T13:00:00Z, 2026-11-25T13:00:00Z"
    })
    void momentsAreToldByHowLongAgoTheyWere(Instant time, String text) {
        assertThat(Ago.of(time, Instant.parse("2026-11-25T12:00:00Z"))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "interval, 10000000, , interval 10ms",
        "interval, 10000000, cpu, interval 10ms",
        "interval, '5000000, 20 ms, 10000000', 'ctimer, cpu', 'interval 5ms, 20 ms, 10ms'",
        "interval, 50, page-faults, interval 50",
        "interval, '5000000, 50', 'cpu, page-faults', 'interval 5000000, 50'",
        "chunksize, '67108864, 104857600', page-faults, 'chunksize 64m, 100m'",
        "interval, 1500, wall, interval 1500ns",
        "wall, 50000000, cache-misses, wall 50ms",
        "alloc, 524288, , alloc 512k",
        "alloc, 524287, , alloc 524287",
        "interval, 0, , interval 0",
        "period, 20 ms, , period 20 ms",
        "jstackdepth, 2048, , jstackdepth 2048"
    })
    void settingsHaveTheUnitThatPeopleWrite(String name, String value, String event, String text) {
        assertThat(name + " " + Numbers.setting(name, value, event)).isEqualTo(text);
    }
}
