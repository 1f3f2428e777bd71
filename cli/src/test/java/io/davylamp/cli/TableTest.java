package io.davylamp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableTest {
    private static final String NAME = "org.apache.lucene.index.IndexWriter.addDocument";
    private static final String SENTENCE = "be profiled: the folder /tmp/davylamp-root does not allow execution";

    private static List<String> printed(Table table, int columns) {
        List<String> lines = new ArrayList<>();
        table.print(columns, lines::add);
        return lines;
    }

    private static Table hot() {
        return new Table()
                .indent(2)
                .number("SELF")
                .number("", 2)
                .number("TOTAL")
                .number("", 1)
                .method("METHOD")
                .row("74.8 %", "1,234,567 samples", "99.9 %", "2,345,678 samples", NAME)
                .row("4.2 %", "1 sample", "100.0 %", "12 samples", "main");
    }

    @Test
    void aPipeGetsEverythingWithNumbersToTheRight() {
        assertThat(printed(hot(), Integer.MAX_VALUE))
                .containsExactly(
                        "    SELF                       TOTAL                     METHOD",
                        "  74.8 %  1,234,567 samples   99.9 %  2,345,678 samples  " + NAME,
                        "   4.2 %           1 sample  100.0 %         12 samples  main");
    }

    @Test
    void aNarrowTerminalGetsFewerColumnsAndShorterPackages() {
        assertThat(printed(hot(), 60))
                .containsExactly(
                        "    SELF    TOTAL  METHOD",
                        "  74.8 %   99.9 %  o.a.lucene.index.IndexWriter.addDocument",
                        "   4.2 %  100.0 %  main");
    }

    @Test
    void sentencesGoOnBelowThemselves() {
        Table table = new Table()
                .text("INSTANCE")
                .text("HOST", 1)
                .text("CANNOT")
                .row("shop-1", "a-host-with-a-long-name.example.org", SENTENCE);

        assertThat(printed(table, 60))
                .containsExactly(
                        "INSTANCE  CANNOT",
                        "shop-1    be profiled: the folder /tmp/davylamp-root does",
                        "          not allow execution");
    }

    @Test
    void aColumnWithoutAnyCellIsLeftOut() {
        assertThat(printed(
                        new Table().text("PID").text("STATES", 1).text("NAME").row("1", "", "main"), 100))
                .containsExactly("PID  NAME", "1    main");
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 60, 80, 100})
    void noLineIsLongerThanTheTerminalIsWide(int columns) {
        Table instances = new Table()
                .text("INSTANCE")
                .text("LIVE")
                .text("HOST", 2)
                .number("PID", 1)
                .text("CANNOT")
                .row("checkout-7d9c6bfb5-x2x8z-with-a-very-long-name-of-a-pod-12345", "yes", "host", "123", SENTENCE);

        assertThat(printed(hot(), columns))
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(columns));
        assertThat(printed(instances, columns))
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(columns));
    }
}
