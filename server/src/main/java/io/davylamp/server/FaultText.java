package io.davylamp.server;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import io.davylamp.core.store.BlobsException;
import io.davylamp.core.store.StoreException;

/**
 * Ends a line of the log and tells what was thrown: a fault of this program with its stack, one of what it stands on (the database
 * or the bucket is away, full, refuses) with its words. Whoever logs need not tell them apart.
 */
public final class FaultText extends ThrowableProxyConverter {
    @Override
    public String convert(ILoggingEvent event) {
        if (!(event.getThrowableProxy() instanceof ThrowableProxy proxy)) {
            return System.lineSeparator();
        }
        Throwable thrown = proxy.getThrowable();
        return isOutside(thrown)
                ? ": " + String.valueOf(thrown.getMessage()).replaceAll("\\s*\\R\\s*", " ") + System.lineSeparator()
                : System.lineSeparator() + super.convert(event);
    }

    private static boolean isOutside(Throwable thrown) {
        return thrown instanceof BlobsException
                || thrown instanceof StoreException store && store.kind() != StoreException.Kind.BROKEN;
    }
}
