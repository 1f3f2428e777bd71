package io.davylamp.cli;

import com.sun.tools.attach.AgentLoadException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * HotSpot's attach mechanism for a JVM among other files than ours: in a container, in a chroot, with a /tmp of its own. The JDK
 * looks for such a JVM's socket in our /tmp when both have one process namespace, as in an ephemeral container of Kubernetes.
 *
 * <p>Source: HotSpot {@code attachListener_posix.cpp}, protocol version 1: each request is a connection of its own.
 */
final class AttachSocket implements Attached {
    /** Where HotSpot looks and listens on Linux, whatever java.io.tmpdir is. */
    static final String FOLDER = "/tmp";

    private static final Path SHELL = Path.of("/bin/sh");
    private static final String PERMISSION = "--add-opens=jdk.attach/sun.tools.attach=ALL-UNNAMED";
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final Duration OPENING = Duration.ofSeconds(10);
    private static final long LOOK_MILLIS = 20;
    private static final int MAX_ANSWER_BYTES = 16 << 20;
    private static final Pattern RETURN_CODE = Pattern.compile("(?:return code: )?(-?[0-9]{1,9})\\s*");

    private final Path socket;

    private AttachSocket(Path socket) {
        this.socket = socket;
    }

    /**
     * Opens the JVM's socket, unless it is open.
     *
     * @throws IOException saying why that is impossible
     */
    static AttachSocket open(TargetProcess process) throws IOException {
        TargetFiles files = new TargetFiles(process.root());
        AttachSocket attached = new AttachSocket(process.socket());
        if (Files.exists(attached.socket)) {
            return attached;
        }
        // Its file says that the signal is a request to attach; without it the JVM prints all its threads.
        String request = ".attach_pid" + process.insidePid();
        files.touch(FOLDER, request);
        try {
            quit(process.pid());
            long end = System.nanoTime() + OPENING.toNanos();
            while (!Files.exists(attached.socket)) {
                if (System.nanoTime() > end) {
                    throw new IOException("it opens no socket in its " + FOLDER + " within " + OPENING.toSeconds()
                            + " s; may its user write there?");
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        } finally {
            files.delete(FOLDER, request);
        }
        return attached;
    }

    /** Java itself sends no such signal. Images without a shell let the JDK send it, if the JVM was started to permit that. */
    private static void quit(long pid) throws IOException, InterruptedException {
        if (!Files.isExecutable(SHELL)) {
            quitByJdk(pid);
            return;
        }
        Process kill = new ProcessBuilder(SHELL.toString(), "-c", "kill -QUIT " + pid)
                .redirectErrorStream(true)
                .start();
        kill.getOutputStream().close();
        String said = new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        if (kill.waitFor() != 0) {
            throw new IOException("the signal cannot be sent: " + said);
        }
    }

    static void quitByJdk(long pid) throws IOException {
        try {
            Method quit =
                    Class.forName("sun.tools.attach.VirtualMachineImpl").getDeclaredMethod("sendQuitTo", int.class);
            quit.setAccessible(true);
            quit.invoke(null, (int) pid);
        } catch (ReflectiveOperationException | InaccessibleObjectException e) {
            throw new IOException("there is no " + SHELL + " to send it a signal, and this JVM lacks the option "
                    + PERMISSION + " to send it by itself");
        }
    }

    @Override
    public Properties systemProperties() throws IOException {
        return properties("properties");
    }

    @Override
    public Properties agentProperties() throws IOException {
        return properties("agentProperties");
    }

    private Properties properties(String command) throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(succeeded(command, "", "", "")));
        return properties;
    }

    @Override
    public void load(String jar, String arguments) throws AgentLoadException, IOException {
        String said = succeeded("load", "instrument", "false", jar + "=" + arguments);
        Matcher code = RETURN_CODE.matcher(said);
        if (!code.matches() || !code.group(1).equals("0")) {
            throw new AgentLoadException(code.matches() ? code.group(1) : said.trim());
        }
    }

    @Override
    public void close() {
        // Nothing stays open between requests.
    }

    /** Sends a request and returns the answer without its first line, which is 0. */
    private String succeeded(String command, String... arguments) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        for (String word : new String[] {"1", command, arguments[0], arguments[1], arguments[2]}) {
            request.writeBytes(word.getBytes(StandardCharsets.UTF_8));
            request.write(0);
        }
        // Properties come as java.util.Properties writes them: ISO 8859-1.
        String answer = exchange(request.toByteArray()).toString(StandardCharsets.ISO_8859_1);
        int line = answer.indexOf('\n');
        String status = line < 0 ? answer : answer.substring(0, line);
        String rest = line < 0 ? "" : answer.substring(line + 1);
        if (answer.isEmpty()) {
            throw new IOException("it closed the connection: it takes requests of its own user and group, and of root");
        }
        if (!status.equals("0")) {
            throw new IOException(String.format(Locale.ROOT, "%s (error %s)", rest.trim(), status.trim()));
        }
        return rest;
    }

    private ByteArrayOutputStream exchange(byte[] request) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        long end = System.nanoTime() + ANSWER.toNanos();
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                Selector selector = Selector.open()) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap(request));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            ByteBuffer buffer = ByteBuffer.allocate(1 << 14);
            while (true) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0 || answer.size() > MAX_ANSWER_BYTES) {
                    throw new IOException(left <= 0 ? "it does not answer" : "its answer does not end");
                }
                selector.select(left);
                selector.selectedKeys().clear();
                int read = channel.read(buffer.clear());
                if (read < 0) {
                    return answer;
                }
                answer.write(buffer.array(), 0, read);
            }
        }
    }
}
