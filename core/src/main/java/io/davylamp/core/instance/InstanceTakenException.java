package io.davylamp.core.instance;

/** Another JVM is connected under the name; the message says so. */
public final class InstanceTakenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InstanceTakenException(Instance taken) {
        super("another JVM is connected as instance " + taken.name() + " of service " + taken.service()
                + "; instances need different names");
    }
}
