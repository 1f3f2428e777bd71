package io.davylamp.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedLoginsTest {
    private static final URI SERVER = URI.create("https://lamp.example/davylamp");

    @TempDir
    Path folder;

    private Path file;
    private SavedLogins logins;

    @BeforeEach
    void open() {
        file = folder.resolve("new").resolve("logins.json");
        logins = new SavedLogins(file);
    }

    @Test
    void keepsACredentialForTheServerItWasMadeAtAndForNoOther() {
        logins.put(SERVER, new Credential(true, "davy_one"));
        logins.put(URI.create("http://other:12800"), new Credential(false, "davy_two"));

        assertThat(logins.of(URI.create("HTTPS://LAMP.example:443/davylamp/")))
                .contains(new Credential(true, "davy_one"));
        assertThat(logins.of(URI.create("http://other:12800"))).contains(new Credential(false, "davy_two"));
        for (String stranger : new String[] {
            "http://lamp.example/davylamp", "https://lamp.example:444/davylamp", "https://lamp.example", "https://lamp"
        }) {
            assertThat(logins.of(URI.create(stranger))).as(stranger).isEmpty();
        }
        logins.remove(SERVER);
        assertThat(logins.of(SERVER)).isEmpty();
        assertThat(logins.of(URI.create("http://other:12800"))).isPresent();
    }

    @Test
    void onlyTheOwnerCanReadTheFileAndOneThatOthersCanReadIsNotUsed() throws IOException {
        logins.put(SERVER, new Credential(false, "davy_one"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        assertThatThrownBy(() -> logins.of(SERVER))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("others can read or write")
                .hasMessageContaining("chmod 600");
    }

    @Test
    void aDamagedFileIsToldWithoutWhatItHolds() throws IOException {
        logins.put(SERVER, new Credential(false, "davy_one"));
        for (String content : new String[] {"{\"davy_secret", "[\"davy_secret\"]", ""}) {
            Files.writeString(file, content);
            assertThatThrownBy(() -> logins.of(SERVER))
                    .isInstanceOf(CommandException.class)
                    .hasMessageContaining("is damaged")
                    .hasMessageNotContaining("davy_secret");
        }
    }

    @Test
    void whatCannotBeATokenIsRefusedWithoutBeingShown() {
        for (String secret : new String[] {"", "a b", "a\r\nX-Other: b", "a;b", "ä", "x".repeat(501)}) {
            assertThatThrownBy(() -> Credential.of(false, secret, "DAVY_TOKEN"))
                    .isInstanceOf(CommandException.class)
                    .hasMessageStartingWith("DAVY_TOKEN holds something that is no token");
        }
    }
}
