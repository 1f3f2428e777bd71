package io.davylamp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our agent against a server that asks for a token and a certificate. */
class AgentTlsTest {
    @TempDir
    Path folder;

    private Rig rig;

    @BeforeEach
    void open() {
        rig = new Rig(folder);
    }

    @AfterEach
    void close() throws InterruptedException {
        rig.close();
    }

    private Path write(String name, String pem) throws IOException {
        return Files.writeString(folder.resolve(name), pem);
    }

    @Test
    void bringsItsTokenOverTlsWithACertificateOfItsOwn() throws Exception {
        X509Bundle authority = new CertificateBuilder()
                .subject("CN=authority")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        X509Bundle server = new CertificateBuilder()
                .subject("CN=localhost")
                .addSanDnsName("localhost")
                .buildIssuedBy(authority);
        X509Bundle client = new CertificateBuilder().subject("CN=agent").buildIssuedBy(authority);
        Path ca = write("ca.crt", authority.getCertificatePEM());
        rig.startServer(
                "--set", "agent.token=secret",
                "--set", "agent.tls.certificate=" + write("server.crt", server.getCertificatePathPEM()),
                "--set", "agent.tls.key=" + write("server.pem", server.getPrivateKeyPEM()),
                "--set", "agent.tls.client-ca=" + ca);

        rig.startDemo(
                "shop",
                "shop-1",
                "localhost:" + rig.agentPort,
                "token=secret,ca=" + ca + ",certificate=" + write("client.crt", client.getCertificatePathPEM())
                        + ",key=" + write("client.pem", client.getPrivateKeyPEM()));
        String task = rig.createTask("shop", "\"all\"", 1, "[\"cpu\"]", "{}");

        rig.awaitState(task, "READY");
        assertThat(rig.task(task).at("/assignments/0/recordingBytes").asLong()).isPositive();
    }
}
