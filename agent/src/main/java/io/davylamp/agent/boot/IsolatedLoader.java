package io.davylamp.agent.boot;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.security.AllPermission;
import java.security.CodeSource;
import java.security.Permissions;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.Collections;
import java.util.Enumeration;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * Loads the agent from the folder {@value #FOLDER} of its own jar, where neither the host's class loaders nor tools that scan
 * its class path take anything for a class. Sees the JDK and nothing of the host. Thread-safe.
 */
final class IsolatedLoader extends ClassLoader {
    private static final String FOLDER = "inside/";
    /** The suffix of classes in the jar, instead of {@code .class}. */
    private static final String CLASS = ".classdata";

    static {
        registerAsParallelCapable();
    }

    private final JarFile jar;
    private final String version;
    private final ProtectionDomain domain;

    IsolatedLoader(File file) throws IOException {
        super(platform());
        this.jar = new JarFile(file, false);
        this.version = jar.getManifest().getMainAttributes().getValue(Attributes.Name.IMPLEMENTATION_VERSION);
        Permissions all = new Permissions();
        all.add(new AllPermission());
        this.domain = new ProtectionDomain(new CodeSource(file.toURI().toURL(), (Certificate[]) null), all, this, null);
    }

    /** The loader of the JDK's own classes: since Java 9 it has a name, before it is the parent of the application's. */
    private static ClassLoader platform() {
        try {
            return (ClassLoader)
                    ClassLoader.class.getMethod("getPlatformClassLoader").invoke(null);
        } catch (ReflectiveOperationException e) {
            return ClassLoader.getSystemClassLoader().getParent();
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] bytes = bytes(name.replace('.', '/') + CLASS);
        if (bytes == null) {
            throw new ClassNotFoundException(name);
        }
        String packageName = name.substring(0, Math.max(0, name.lastIndexOf('.')));
        try {
            if (getPackage(packageName) == null) {
                definePackage(packageName, null, null, null, null, version, null, null);
            }
        } catch (IllegalArgumentException e) {
            // Another thread was faster.
        }
        return defineClass(name, bytes, 0, bytes.length, domain);
    }

    @Override
    protected URL findResource(String name) {
        byte[] bytes = bytes(name);
        try {
            return bytes == null ? null : new URL(null, "davylamp:" + name, new InMemory(bytes));
        } catch (MalformedURLException e) {
            return null;
        }
    }

    @Override
    protected Enumeration<URL> findResources(String name) {
        URL found = findResource(name);
        return found == null ? Collections.emptyEnumeration() : Collections.enumeration(Collections.singleton(found));
    }

    /** Reads an entry of the jar; null when there is none, or when the jar can no longer be read. */
    private byte[] bytes(String name) {
        JarEntry entry = jar.getJarEntry(FOLDER + name);
        if (entry == null) {
            return null;
        }
        try (InputStream in = jar.getInputStream(entry)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream((int) Math.max(32, entry.getSize()));
            byte[] buffer = new byte[8 << 10];
            for (int n; (n = in.read(buffer)) > 0; ) {
                out.write(buffer, 0, n);
            }
            return out.toByteArray();
        } catch (IOException e) {
            return null;
        }
    }

    private static final class InMemory extends URLStreamHandler {
        private final byte[] bytes;

        InMemory(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        protected URLConnection openConnection(URL url) {
            return new URLConnection(url) {
                @Override
                public void connect() {}

                @Override
                public InputStream getInputStream() {
                    return new ByteArrayInputStream(bytes);
                }
            };
        }
    }
}
