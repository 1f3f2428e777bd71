package io.davylamp.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.Logger;

/**
 * Sets logging up; the logging library finds this class by {@code META-INF/services}. Reading the same from XML takes a tenth of the
 * server's start. The library's own setting {@code -Dlogback.configurationFile=FILE} still names a file that is used instead.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class LogSetup extends ContextAwareBase implements Configurator {
    private static final String OWN_FILE = "logback.configurationFile";
    private static final String LINE = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level [%thread] %logger{20} - %msg%fault";

    @Override
    public ExecutionStatus configure(LoggerContext loggers) {
        if (System.getProperty(OWN_FILE) != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        PatternLayout layout = new PatternLayout();
        layout.setContext(loggers);
        layout.getInstanceConverterMap().put("fault", FaultText::new);
        layout.setPattern(LINE);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(loggers);
        encoder.setLayout(layout);
        encoder.start();
        LogBound bound = new LogBound();
        bound.setContext(loggers);
        bound.start();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(loggers);
        console.setName("console");
        console.setTarget("System.err");
        console.addFilter(bound);
        console.setEncoder(encoder);
        console.start();
        // Libraries only when something is wrong; ours at INFO.
        loggers.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
        loggers.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(console);
        loggers.getLogger("io.davylamp").setLevel(Level.INFO);
        // Two servers of one process count on one thread pool; it is counted once, which is right.
        loggers.getLogger("io.micrometer.core.instrument.MeterRegistry").setLevel(Level.ERROR);
        // Lost connections: what they meant for us is told by us.
        loggers.getLogger("com.zaxxer.hikari.pool.PoolBase").setLevel(Level.ERROR);
        loggers.getLogger("com.zaxxer.hikari.pool.ProxyConnection").setLevel(Level.ERROR);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
