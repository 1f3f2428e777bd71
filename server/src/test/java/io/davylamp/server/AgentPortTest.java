package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.davylamp.server.settings.SettingsException;
import io.davylamp.stockagent.StockAgent;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.File;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Who may use the agent port, and what agents see when the server goes and comes back. */
@Execution(ExecutionMode.CONCURRENT)
class AgentPortTest {
    @TempDir
    Path folder;

    private static Status end(CompletableFuture<Status> call) throws Exception {
        return call.get(120, TimeUnit.SECONDS);
    }

    @Test
    void onlyTheRightTokenGetsIn() throws Exception {
        try (ServerRig rig = new ServerRig(folder, "agent.token=secret");
                StockFleet fleet = new StockFleet(rig)) {
            StockAgent.Settings settings = StockAgent.Settings.of("shop", "shop-1");

            StockAgent none = fleet.agent(settings);
            assertThat(end(none.poll()).getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
            assertThat(none.isConnected()).isFalse();
            assertThat(end(fleet.agent(settings.withToken("secre")).keepAlive()).getCode())
                    .isEqualTo(Status.Code.PERMISSION_DENIED);
            StockAgent right = fleet.agent(settings.withToken("secret"));
            assertThat(end(right.poll())).isEqualTo(Status.OK);
            assertThat(end(right.reportMetrics())).isEqualTo(Status.OK);
            assertThat(end(right.reportTraces(3))).isEqualTo(Status.OK);
            assertThat(rig.get("/metrics").body()).contains("davylamp_agents_refused_total 2.0");
        }
    }

    private File write(String name, String pem) throws Exception {
        return Files.writeString(folder.resolve(name), pem).toFile();
    }

    private static ManagedChannel channel(int port, SslContextBuilder tls) throws Exception {
        return NettyChannelBuilder.forAddress("localhost", port)
                .sslContext(GrpcSslContexts.configure(tls).build())
                .build();
    }

    @Test
    void tlsAndClientCertificatesAsTheAgentsSettingsHaveThem() throws Exception {
        X509Bundle authority = new CertificateBuilder()
                .subject("CN=authority")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        X509Bundle server = new CertificateBuilder()
                .subject("CN=localhost")
                .addSanDnsName("localhost")
                .buildIssuedBy(authority);
        X509Bundle client = new CertificateBuilder().subject("CN=agent").buildIssuedBy(authority);
        File ca = write("ca.crt", authority.getCertificatePEM());
        File certificate = write("server.crt", server.getCertificatePathPEM());
        File key = write("server.pem", server.getPrivateKeyPEM());
        StockAgent.Settings settings = StockAgent.Settings.of("shop", "shop-1");

        try (ServerRig rig = new ServerRig(
                        folder.resolve("tls"), "agent.tls.certificate=" + certificate, "agent.tls.key=" + key);
                StockFleet fleet = new StockFleet(rig)) {
            int port = rig.server.agentPort();
            ManagedChannel trusting =
                    channel(port, SslContextBuilder.forClient().trustManager(ca));
            assertThat(end(fleet.agent(settings, trusting).poll())).isEqualTo(Status.OK);
            trusting.shutdownNow();
            assertThat(end(fleet.agent(settings).poll()).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        }
        try (ServerRig rig = new ServerRig(
                        folder.resolve("mtls"),
                        "agent.tls.certificate=" + certificate,
                        "agent.tls.key=" + key,
                        "agent.tls.client-ca=" + ca);
                StockFleet fleet = new StockFleet(rig)) {
            int port = rig.server.agentPort();
            ManagedChannel known = channel(
                    port,
                    SslContextBuilder.forClient()
                            .trustManager(ca)
                            .keyManager(
                                    write("client.crt", client.getCertificatePathPEM()),
                                    write("client.pem", client.getPrivateKeyPEM())));
            assertThat(end(fleet.agent(settings, known).poll())).isEqualTo(Status.OK);
            known.shutdownNow();
            ManagedChannel stranger =
                    channel(port, SslContextBuilder.forClient().trustManager(ca));
            assertThat(end(fleet.agent(settings, stranger).poll()).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            stranger.shutdownNow();
        }
    }

    @Test
    void aCertificateSpeaksForTheServicesOfItsNameAndNoOthers() throws Exception {
        X509Bundle authority = authority("CN=authority");
        File ca = write("ca.crt", authority.getCertificatePEM());
        X509Bundle server = new CertificateBuilder()
                .subject("CN=localhost")
                .addSanDnsName("localhost")
                .buildIssuedBy(authority);
        StockAgent.Settings shop = StockAgent.Settings.of("shop", "shop-1");
        StockAgent.Settings search = StockAgent.Settings.of("search", "search-1");

        try (ServerRig rig = new ServerRig(
                        folder.resolve("names"),
                        "access.users=true",
                        "agent.token=secret",
                        "agent.tls.certificate=" + write("server.crt", server.getCertificatePathPEM()),
                        "agent.tls.key=" + write("server.pem", server.getPrivateKeyPEM()),
                        "agent.tls.client-ca=" + ca,
                        "access.certificates=DNS:*.shop.example = shop*, CN:searcher = search");
                StockFleet fleet = new StockFleet(rig)) {
            int port = rig.server.agentPort();
            ManagedChannel ofShop = channel(port, client("shop", ca, name("CN=x", "a.shop.example", authority)));
            assertThat(end(fleet.agent(shop, ofShop).keepAlive())).isEqualTo(Status.OK);
            Status other = end(fleet.agent(search, ofShop).keepAlive());
            assertThat(other.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(other.getDescription()).contains("not for service \"search\"");
            Status wrong = end(fleet.agent(shop.withToken("wrong"), ofShop).keepAlive());
            assertThat(wrong.getDescription()).isEqualTo("wrong token or certificate");
            assertThat(end(fleet.agent(search.withToken("secret"), ofShop).keepAlive()))
                    .isEqualTo(Status.OK);
            ofShop.shutdownNow();

            ManagedChannel ofSearch = channel(port, client("search", ca, name("CN=searcher", "b.example", authority)));
            assertThat(end(fleet.agent(search, ofSearch).keepAlive())).isEqualTo(Status.OK);
            ofSearch.shutdownNow();

            ManagedChannel ofNobody = channel(port, client("nobody", ca, name("CN=agent", "c.example", authority)));
            Status unnamed = end(fleet.agent(shop, ofNobody).keepAlive());
            assertThat(unnamed.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
            assertThat(unnamed.getDescription()).isEqualTo("wrong token or certificate");
            ofNobody.shutdownNow();

            X509Bundle forger = authority("CN=authority");
            ManagedChannel forged = channel(port, client("forged", ca, name("CN=x", "a.shop.example", forger)));
            assertThat(end(fleet.agent(shop, forged).keepAlive()).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            forged.shutdownNow();
        }
    }

    private static X509Bundle authority(String subject) throws Exception {
        return new CertificateBuilder()
                .subject(subject)
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    private static X509Bundle name(String subject, String host, X509Bundle authority) throws Exception {
        return new CertificateBuilder().subject(subject).addSanDnsName(host).buildIssuedBy(authority);
    }

    private SslContextBuilder client(String name, File ca, X509Bundle own) throws Exception {
        return SslContextBuilder.forClient()
                .trustManager(ca)
                .keyManager(
                        write(name + ".crt", own.getCertificatePathPEM()),
                        write(name + ".pem", own.getPrivateKeyPEM()));
    }

    @Test
    void certificatesWithoutAuthoritiesStopTheStart() {
        assertThatThrownBy(() -> new ServerRig(folder, "access.certificates=CN:shop = shop"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("agent.tls.client-ca");
        assertThatThrownBy(() -> new ServerRig(folder, "access.certificates=shop = shop"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("access.certificates", "KIND:name = services");
    }

    @Test
    void aCertificateThatIsNotThereStopsTheStartAndLeavesNothingOpen() throws Exception {
        assertThatThrownBy(
                        () -> new ServerRig(folder, "agent.tls.certificate=missing.crt", "agent.tls.key=missing.pem"))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("agent.tls.certificate = \"missing.crt\"");

        // The lock on the folder is the first thing that a start takes.
        new ServerRig(folder).close();
    }

    @Test
    void aPortThatIsTakenStopsTheStartAndLeavesNothingOpen() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> new ServerRig(folder, "http.port=" + taken.getLocalPort()))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("port " + taken.getLocalPort());
        }

        new ServerRig(folder).close();
    }

    @Test
    void aServerThatRestartsWhileATaskRunsTakesItsRecordingAndNeverSaysThatItCannotProfile() throws Exception {
        String task;
        int port;
        StockAgent agent;
        StockFleet fleet;
        ManagedChannel channel;
        ServerRig first = new ServerRig(folder);
        port = first.server.agentPort();
        fleet = new StockFleet(first);
        channel = NettyChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .disableRetry()
                .build();
        agent = fleet.agent(
                StockAgent.Settings.of("shop", "shop-1")
                        .withPoll(Duration.ofMillis(500))
                        .withChannelCheck(Duration.ofMillis(200)),
                channel);
        agent.start(Duration.ZERO);
        Awaitility.await()
                .until(() -> fleet.calls.contains("skywalking.v10.AsyncProfilerTask/getAsyncProfilerTaskCommands OK"));
        fleet.ends = new CompletableFuture<>(); // an agent that is not back by then throws its recording away
        task = fleet.create("shop", "shop-1", 15);
        fleet.awaitState(task, "ACCEPTED");
        first.close();

        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> !agent.isConnected());
        try (ServerRig second = new ServerRig(folder, "agent.port=" + port);
                StockFleet view = new StockFleet(second)) {
            Awaitility.await().atMost(Duration.ofMinutes(2)).until(agent::isConnected);
            fleet.ends.complete(null);
            view.awaitState(task, "READY");
            assertThat(view.log(task)).containsExactly("NOTIFIED", "EXECUTION_FINISHED");
        } finally {
            fleet.close();
            channel.shutdownNow();
        }
        assertThat(agent.isProfilingSwitchedOff()).isFalse();
        assertThat(fleet.calls).noneMatch(call -> call.endsWith("UNIMPLEMENTED"));
    }
}
