package io.davylamp.agent.host;

/** The only catch-all: whatever goes wrong in the agent ends here, in its log, and never in the host application. */
public final class Quietly {
    private Quietly() {}

    /** Work that may throw anything. */
    public interface Work {
        void run() throws Throwable;
    }

    public static void run(AgentLog log, String what, Work work) {
        try {
            work.run();
        } catch (Throwable e) {
            log.error(what, e);
        }
    }

    public static Runnable task(AgentLog log, String what, Work work) {
        return () -> run(log, what, work);
    }
}
