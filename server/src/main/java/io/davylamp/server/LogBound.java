package io.davylamp.server;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import io.davylamp.core.Seldom;

/**
 * Keeps what libraries log from filling the disk: strangers can make them warn as often as they like. Of each of their loggers
 * and messages one line in ten seconds is let through. What we log ourselves is bounded where it is logged.
 */
public final class LogBound extends Filter<ILoggingEvent> {
    private final Seldom seldom = new Seldom();

    @Override
    public FilterReply decide(ILoggingEvent event) {
        if (event.getLoggerName().startsWith("io.davylamp.")) {
            return FilterReply.NEUTRAL;
        }
        boolean[] through = {false};
        seldom.log(event.getLoggerName() + event.getMessage(), more -> through[0] = true);
        return through[0] ? FilterReply.NEUTRAL : FilterReply.DENY;
    }
}
