package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.server.settings.Settings;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections of the agent port that carry nothing, as bytes. */
class AgentConnectionsTest {
    private static final int PING = 6;
    private static final int GO_AWAY = 7;
    private static final int ACK = 1;

    @TempDir
    Path folder;

    private ServerRig rig;

    @BeforeEach
    void start() throws IOException {
        AgentConnections quick = new AgentConnections(3, Duration.ofSeconds(1), Duration.ofMillis(300));
        rig = new ServerRig(folder, config -> config.withAgentConnections(quick));
    }

    @AfterEach
    void close() throws IOException {
        rig.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), rig.server.agentPort());
        socket.setSoTimeout(60_000);
        return socket;
    }

    /** Says that it speaks HTTP/2, and no more. */
    private Socket http2() throws IOException {
        Socket socket = connect();
        socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        frame(socket.getOutputStream(), 4, 0, new byte[0]);
        return socket;
    }

    private static void frame(OutputStream out, int type, int flags, byte[] content) throws IOException {
        byte[] frame = new byte[9 + content.length];
        frame[2] = (byte) content.length;
        frame[3] = (byte) type;
        frame[4] = (byte) flags;
        System.arraycopy(content, 0, frame, 9, content.length);
        out.write(frame);
        out.flush();
    }

    private record Frame(int type, int flags, byte[] content) {}

    /** Null at the end of the connection. */
    private static Frame read(DataInputStream in) throws IOException {
        int first;
        try {
            first = in.read();
        } catch (SocketException e) {
            return null;
        }
        if (first < 0) {
            return null;
        }
        byte[] content = new byte[first << 16 | in.readUnsignedShort()];
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        in.readInt();
        in.readFully(content);
        return new Frame(type, flags, content);
    }

    private static boolean isEnded(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException e) {
            return true;
        }
    }

    @Test
    void aPeerThatAnswersPingsIsKeptHoweverLongItIsSilent() throws IOException {
        try (Socket socket = http2()) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            int pings = 0;
            while (pings < 3) {
                Frame frame = read(in);
                assertThat(frame).as("after " + pings + " pings").isNotNull();
                assertThat(frame.type()).isNotEqualTo(GO_AWAY);
                if (frame.type() == PING && frame.flags() == 0) {
                    pings++;
                    frame(socket.getOutputStream(), PING, ACK, frame.content());
                }
            }
        }
    }

    @Test
    void aPeerThatDoesNotAnswerPingsIsGone() throws IOException {
        try (Socket socket = http2()) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            int pings = 0;
            for (Frame frame = read(in); frame != null; frame = read(in)) {
                pings += frame.type() == PING ? 1 : 0;
            }
            assertThat(pings).isPositive();
        }
    }

    @Test
    void aPeerThatNeverSpeaksHttp2IsNotKept() throws IOException {
        try (Socket silent = connect();
                Socket other = connect()) {
            other.getOutputStream().write("GET / HTTP/1.1\r\nhost: x\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(isEnded(silent)).isTrue();
            while (!isEnded(other)) {
                assertThat(other.isConnected()).isTrue();
            }
        }
    }

    @Test
    void connectionsAreBounded() throws IOException {
        try (Socket one = http2();
                Socket two = http2();
                Socket three = http2()) {
            for (Socket each : List.of(one, two, three)) {
                assertThat(read(new DataInputStream(each.getInputStream()))).isNotNull();
            }
            try (Socket four = connect()) {
                assertThat(isEnded(four)).isTrue();
            }
            assertThat(read(new DataInputStream(one.getInputStream()))).isNotNull();
        }
    }

    @Test
    void bySettingsPeersArePingedOftenerThanRoutersForgetThem() {
        ServerConfig config = ServerConfig.of(Settings.of(null, Map.of(), List.of()));

        assertThat(config.agentConnections()).isEqualTo(AgentConnections.DEFAULT);
        assertThat(AgentConnections.DEFAULT.ping()).isLessThan(Duration.ofMinutes(1));
    }
}
