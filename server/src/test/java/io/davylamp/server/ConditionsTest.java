package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.davylamp.server.Conditions.Condition;
import io.davylamp.server.Conditions.Finding;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ConditionsTest {
    private static final Duration PERIOD = Duration.ofSeconds(2);

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 10);
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Conditions conditions = new Conditions(nanos::get);
    private final Logger logger = (Logger) LoggerFactory.getLogger(Conditions.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private volatile Finding database = Finding.well("it answers");

    @BeforeEach
    void watch() {
        logger.setLevel(Level.INFO);
        logged.start();
        logger.addAppender(logged);
        conditions.watch("database", true, PERIOD, () -> database, metrics);
        conditions.watch("clock", false, PERIOD, () -> Finding.well("it has not jumped"), metrics);
        look(Duration.ZERO);
    }

    @AfterEach
    void close() {
        logger.detachAppender(logged);
        logger.setLevel(null);
        conditions.close();
    }

    private void look(Duration after) {
        nanos.addAndGet(after.toNanos());
        conditions.look();
        conditions.tell();
    }

    private List<String> log() {
        return logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private double trouble(String part) {
        return metrics.get("davylamp.trouble").tag("part", part).gauge().value();
    }

    @Test
    void aServerWhosePartsAreWellIsReadyAndSaysNothing() {
        assertThat(conditions.isReady()).isTrue();
        assertThat(conditions.now())
                .extracting(Condition::part, Condition::well, Condition::detail)
                .containsExactly(tuple("database", true, "it answers"), tuple("clock", true, "it has not jumped"));
        assertThat(log()).isEmpty();
        assertThat(trouble("database")).isZero();
    }

    @Test
    void logsATroubleAtItsBeginningOnceAMinuteAndAtItsEnd() {
        database = Finding.outage("it cannot be reached");
        for (int second = 0; second < 150; second++) {
            look(Duration.ofSeconds(1));
        }
        assertThat(conditions.isReady()).isFalse();
        assertThat(conditions.now().get(0).forSeconds()).isEqualTo(149);
        assertThat(trouble("database")).isOne();
        assertThat(trouble("clock")).isZero();

        database = Finding.well("it answers");
        look(Duration.ofSeconds(1));

        assertThat(log())
                .containsExactly(
                        "database: it cannot be reached",
                        "database, for 60 s now: it cannot be reached",
                        "database, for 2 min now: it cannot be reached",
                        "database: well again after 2 min");
        assertThat(conditions.isReady()).isTrue();
        assertThat(trouble("database")).isZero();
    }

    @Test
    void whatTheServerCanDoWithoutDoesNotMakeItUnready() {
        conditions.watch("bucket", false, PERIOD, () -> Finding.trouble("gone"), metrics);
        look(Duration.ofSeconds(1));

        assertThat(conditions.isReady()).isTrue();
        assertThat(trouble("bucket")).isOne();
    }

    @Test
    void aPartThatIsUnwellButUsableLeavesTheServerReady() {
        database = Finding.trouble("it is full");
        look(Duration.ofSeconds(1));

        assertThat(conditions.isReady()).isTrue();
        assertThat(trouble("database")).isOne();
    }

    @Test
    void aLookThatFailsIsATroubleInItsWords() {
        conditions.watch(
                "bucket",
                true,
                PERIOD,
                () -> {
                    throw new IllegalStateException("no such bucket");
                },
                metrics);
        look(Duration.ofSeconds(1));

        assertThat(conditions.now().get(2).detail()).isEqualTo("no such bucket");
        assertThat(conditions.isReady()).isFalse();
    }

    @Test
    void aLookThatHangsIsATroubleAndHoldsUpNoOther() throws InterruptedException {
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        conditions.watch(
                "bucket",
                true,
                PERIOD,
                () -> {
                    hangs.countDown();
                    end.await();
                    return Finding.well("it answers");
                },
                metrics);
        conditions.start();
        hangs.await();
        assertThat(conditions.isReady()).isTrue();

        nanos.addAndGet(Duration.ofSeconds(12).toNanos());

        Condition bucket = conditions.now().get(2);
        assertThat(bucket.well()).isFalse();
        assertThat(bucket.detail()).isEqualTo("no answer for 12 s");
        assertThat(conditions.isReady()).isFalse();
        end.countDown();
    }
}
