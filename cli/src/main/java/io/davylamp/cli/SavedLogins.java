package io.davylamp.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The credentials that {@code davy login} keeps, one for each server, in a file that only its owner can read. */
final class SavedLogins {
    private static final Set<PosixFilePermission> OWNER =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final Path file;

    SavedLogins(Path file) {
        this.file = file;
    }

    /** Those of the user who runs the command: below XDG_CONFIG_HOME, else below .config in the home folder. */
    static SavedLogins ofUser() {
        String folder = System.getenv("XDG_CONFIG_HOME");
        Path config = folder != null && Path.of(folder).isAbsolute()
                ? Path.of(folder)
                : Path.of(System.getProperty("user.home"), ".config");
        return new SavedLogins(config.resolve("davylamp").resolve("logins.json"));
    }

    Path file() {
        return file;
    }

    /** Finds the credential for a server: never that of another host, port or scheme. */
    Optional<Credential> of(URI server) {
        JsonNode login = read().path(origin(server));
        for (String kind : new String[] {"session", "token"}) {
            if (login.path(kind).isTextual()) {
                return Optional.of(
                        Credential.of(kind.equals("session"), login.get(kind).asText(), file.toString()));
            }
        }
        return Optional.empty();
    }

    void put(URI server, Credential credential) {
        ObjectNode all = read();
        all.putObject(origin(server)).put(credential.session() ? "session" : "token", credential.secret());
        write(all);
    }

    /** Forgets the credential for a server; without one nothing is changed. */
    void remove(URI server) {
        ObjectNode all = read();
        if (all.remove(origin(server)) != null) {
            write(all);
        }
    }

    private static String origin(URI server) {
        String scheme = server.getScheme().toLowerCase(Locale.ROOT);
        int port = server.getPort() >= 0 ? server.getPort() : scheme.equals("https") ? 443 : 80;
        String path = server.getRawPath() == null ? "" : server.getRawPath().replaceAll("/+$", "");
        return scheme + "://" + server.getHost().toLowerCase(Locale.ROOT) + ":" + port + path;
    }

    private ObjectNode read() {
        try {
            requirePrivate();
            JsonNode all = RestClient.JSON.readTree(Files.readString(file));
            if (all instanceof ObjectNode object) {
                return object;
            }
            throw new CommandException(ExitCode.FAILED, file + " is damaged; remove it, then `davy login` again");
        } catch (NoSuchFileException e) {
            return RestClient.JSON.createObjectNode();
        } catch (JsonProcessingException e) {
            // Its message can hold a piece of the file, and so of a secret.
            throw new CommandException(ExitCode.FAILED, file + " is damaged; remove it, then `davy login` again");
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, file + " cannot be read: " + e.getMessage());
        }
    }

    private void requirePrivate() throws IOException {
        if (isPosix()) {
            Set<PosixFilePermission> others = EnumSet.copyOf(Files.getPosixFilePermissions(file));
            others.removeAll(EnumSet.of(
                    PosixFilePermission.OWNER_READ,
                    PosixFilePermission.OWNER_WRITE,
                    PosixFilePermission.OWNER_EXECUTE));
            if (!others.isEmpty()) {
                throw new CommandException(
                        ExitCode.FAILED,
                        "others can read or write " + file + ", which holds secrets; `chmod 600 " + file
                                + "`, and revoke what they may have seen");
            }
        }
    }

    private static boolean isPosix() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }

    private void write(ObjectNode all) {
        try {
            Files.createDirectories(file.getParent());
            FileAttribute<?>[] owner = isPosix()
                    ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER)}
                    : new FileAttribute<?>[0];
            Path whole = Files.createTempFile(file.getParent(), "logins", ".part", owner);
            try {
                Files.writeString(whole, all.toPrettyString());
                Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(whole);
            }
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.FAILED, "the sign-in cannot be kept in " + file + ": " + e.getMessage());
        }
    }
}
