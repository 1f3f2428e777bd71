package io.davylamp.cli;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.util.Properties;

/** A connection to a running JVM: through the JDK, or, where that does not find its way, through {@link AttachSocket}. */
interface Attached extends AutoCloseable {
    Properties systemProperties() throws IOException;

    Properties agentProperties() throws IOException;

    /** @param jar as the JVM sees it */
    void load(String jar, String arguments) throws AgentLoadException, AgentInitializationException, IOException;

    @Override
    void close() throws IOException;

    static Attached by(VirtualMachine jvm) {
        return new Attached() {
            @Override
            public Properties systemProperties() throws IOException {
                return jvm.getSystemProperties();
            }

            @Override
            public Properties agentProperties() throws IOException {
                return jvm.getAgentProperties();
            }

            @Override
            public void load(String jar, String arguments)
                    throws AgentLoadException, AgentInitializationException, IOException {
                jvm.loadAgent(jar, arguments);
            }

            @Override
            public void close() throws IOException {
                jvm.detach();
            }
        };
    }
}
