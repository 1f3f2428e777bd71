package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import io.davylamp.core.store.BlobsException;
import io.davylamp.core.store.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class FaultTextTest {
    private static String line(Throwable thrown) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        FaultText text = new FaultText();
        text.setContext(context);
        text.start();
        return text.convert(new LoggingEvent(
                FaultTextTest.class.getName(), context.getLogger("x"), Level.WARN, "cannot", thrown, null));
    }

    @Test
    void aLineWithoutAFaultEnds() {
        assertThat(line(null)).isEqualTo(System.lineSeparator());
    }

    @Test
    void anOutageIsOneLineWithoutAStack() {
        IOException cause = new IOException("connection refused");

        assertThat(line(new StoreException(StoreException.Kind.AWAY, "the database\n  is away", cause)))
                .isEqualTo(": the database is away" + System.lineSeparator());
        assertThat(line(new BlobsException(BlobsException.Kind.AWAY, "the bucket is away", cause)))
                .isEqualTo(": the bucket is away" + System.lineSeparator());
    }

    @Test
    void aFaultOfThisProgramAndDamageHaveTheirStack() {
        assertThat(line(new IllegalStateException("not so"))).contains("not so", "\tat ");
        assertThat(line(new StoreException(StoreException.Kind.BROKEN, "gone", new IOException("no such file"))))
                .contains("gone", "\tat ", "no such file");
    }

    @Test
    void theServersLogIsWrittenWithIt() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        ConsoleAppender<ILoggingEvent> console = (ConsoleAppender<ILoggingEvent>)
                context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("console");

        byte[] line = console.getEncoder()
                .encode(new LoggingEvent(
                        FaultTextTest.class.getName(),
                        context.getLogger("io.davylamp.x"),
                        Level.WARN,
                        "cannot",
                        new BlobsException(BlobsException.Kind.AWAY, "the bucket is away", new IOException("refused")),
                        null));

        assertThat(new String(line, StandardCharsets.UTF_8))
                .matches("\\d{4}-\\d\\d-\\d\\dT\\S+ WARN  \\[\\S+] io.davylamp.x - cannot: the bucket is away\\R");
    }
}
