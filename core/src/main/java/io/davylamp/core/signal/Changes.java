package io.davylamp.core.signal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Tells those who wait that something changed, after it was committed. Thread-safe. Listeners run on the thread that made the
 * change: they must be quick, must not throw and must not change anything themselves.
 */
public final class Changes {
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final List<Listener> relays = new CopyOnWriteArrayList<>();
    private final Listener elsewhere = new Listener() {
        @Override
        public void task(String taskId) {
            listeners.forEach(listener -> listener.task(taskId));
        }

        @Override
        public void work(String instanceId) {
            listeners.forEach(listener -> listener.work(instanceId));
        }

        @Override
        public void instance(String service) {
            listeners.forEach(listener -> listener.instance(service));
        }

        @Override
        public void access() {
            listeners.forEach(Listener::access);
        }
    };

    /** Receives changes; each names only the place to look at. */
    public interface Listener {
        /** The task or one of its assignments changed, or its upload grew. */
        default void task(String taskId) {}

        /** Called when the store may have something to tell the instance's agent: a command, or what people want of it. */
        default void work(String instanceId) {}

        /** An instance of the service appeared or said something new. */
        default void instance(String service) {}

        /** A user, a session or a token changed or ended. */
        default void access() {}
    }

    /** Ends the listening when closed. */
    public interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    /** From now on the listener hears of all changes, whoever made them. */
    public Subscription listen(Listener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** From now on the listener hears of the changes that this process made, to tell other processes. */
    public Subscription relay(Listener listener) {
        relays.add(listener);
        return () -> relays.remove(listener);
    }

    /** Returns who takes changes that another process made, or that are found in the store: nobody is to be told who heard them. */
    public Listener fromElsewhere() {
        return elsewhere;
    }

    public void task(String taskId) {
        elsewhere.task(taskId);
        relays.forEach(relay -> relay.task(taskId));
    }

    public void work(String instanceId) {
        elsewhere.work(instanceId);
        relays.forEach(relay -> relay.work(instanceId));
    }

    public void instance(String service) {
        elsewhere.instance(service);
        relays.forEach(relay -> relay.instance(service));
    }

    public void access() {
        elsewhere.access();
        relays.forEach(Listener::access);
    }
}
