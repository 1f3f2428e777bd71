package io.davylamp.server;

import com.linecorp.armeria.common.FlagsProvider;

/** Settings that the HTTP library reads only from here; it finds this class by {@code META-INF/services}. */
public final class LibraryFlags implements FlagsProvider {
    @Override
    public int priority() {
        return 0;
    }

    /**
     * Its cache mixes up a browser's question whether it may ask (CORS) with other OPTIONS requests, and then answers 500. Our few
     * routes are found without it.
     */
    @Override
    public String routeCacheSpec() {
        return "off";
    }

    @Override
    public String routeDecoratorCacheSpec() {
        return "off";
    }

    /** {@link LingeringClose} does better. */
    @Override
    public Long defaultHttp1ConnectionCloseDelayMillis() {
        return 0L;
    }
}
