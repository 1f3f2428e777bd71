package io.davylamp.agent.silent;

import java.lang.reflect.InvocationTargetException;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/**
 * Stands in for the JDK's class of this name in gRPC, which asks for the JVM's default context even where nothing is encrypted.
 * Making that reads the authorities at once and for good, so the host could no longer choose its own. Here nothing is made
 * before it is used, and the default context never.
 */
public final class SSLContext {
    /** In two pieces, because the build would rename it in one. */
    private static final String JDK = "javax.net.ssl.".concat("SSLContext");

    private static final String TLS = "TLS";

    private final Provider provider;
    private KeyManager[] keys;
    private TrustManager[] trust;
    private SecureRandom random;

    private SSLContext(Provider provider) {
        this.provider = provider;
    }

    public static SSLContext getDefault() throws NoSuchAlgorithmException {
        return new SSLContext((Provider) call(context(null), "getProvider"));
    }

    public static SSLContext getInstance(String protocol, Provider provider) {
        return new SSLContext(provider);
    }

    public Provider getProvider() {
        return provider;
    }

    public void init(KeyManager[] ofKeys, TrustManager[] ofTrust, SecureRandom ofRandom) {
        keys = ofKeys;
        trust = ofTrust;
        random = ofRandom;
    }

    /** Is only looked at for what engines can do here: it needs no authorities. */
    public SSLEngine createSSLEngine() throws NoSuchAlgorithmException {
        return (SSLEngine) call(initialised(new TrustManager[0]), "createSSLEngine");
    }

    public SSLSocketFactory getSocketFactory() {
        try {
            return (SSLSocketFactory) call(initialised(trust), "getSocketFactory");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private Object initialised(TrustManager[] with) throws NoSuchAlgorithmException {
        Object context = context(provider);
        call(
                context,
                "init",
                new Class<?>[] {KeyManager[].class, TrustManager[].class, SecureRandom.class},
                keys,
                with,
                random);
        return context;
    }

    private static Object context(Provider provider) throws NoSuchAlgorithmException {
        return provider == null
                ? call(null, "getInstance", new Class<?>[] {String.class}, TLS)
                : call(null, "getInstance", new Class<?>[] {String.class, Provider.class}, TLS, provider);
    }

    private static Object call(Object context, String method) throws NoSuchAlgorithmException {
        return call(context, method, new Class<?>[0]);
    }

    private static Object call(Object context, String method, Class<?>[] types, Object... arguments)
            throws NoSuchAlgorithmException {
        try {
            return Class.forName(JDK).getMethod(method, types).invoke(context, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof NoSuchAlgorithmException) {
                throw (NoSuchAlgorithmException) e.getCause();
            }
            throw new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
