package io.davylamp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "download",
        description = "Download a task's recordings (.jfr), one file per instance.",
        mixinStandardHelpOptions = true)
final class DownloadCommand implements Callable<Integer> {
    @Mixin
    private Shared shared;

    @Parameters(paramLabel = "ID")
    private String id;

    @Option(
            names = "-o",
            paramLabel = "FOLDER",
            defaultValue = ".",
            description = "folder to write to; default: this folder")
    private Path folder;

    @Override
    public Integer call() {
        RestClient rest = shared.rest();
        JsonNode task = rest.get("/api/v1/tasks/" + RestClient.encode(id));
        List<Map<String, Object>> files = new ArrayList<>();
        for (JsonNode assignment : task.get("assignments")) {
            if (assignment.get("recordingBytes").asLong() > 0) {
                String name =
                        (assignment.get("instance").asText() + "-" + id).replaceAll("[^A-Za-z0-9._-]", "_") + ".jfr";
                Path file = folder.resolve(name);
                long bytes = download(
                        rest,
                        "/api/v1/tasks/" + RestClient.encode(id) + "/assignments/"
                                + assignment.get("id").asText() + "/recording",
                        file,
                        "downloading " + file + " ("
                                + Numbers.bytes(assignment.get("recordingBytes").asLong()) + ")");
                files.add(Map.of(
                        "instance", assignment.get("instance").asText(), "file", file.toString(), "bytes", bytes));
                if (!shared.json) {
                    System.out.println(file + "  " + Numbers.bytes(bytes));
                }
            }
        }
        if (files.isEmpty()) {
            throw new CommandException(
                    ExitCode.NOT_FOUND,
                    "task " + id + " has no recording (" + TaskText.states(task) + "); `davy task " + id
                            + shared.again() + "` tells why");
        }
        if (shared.json) {
            shared.printJson(Map.of("files", files));
        }
        return ExitCode.OK;
    }

    private static long download(RestClient rest, String path, Path file, String what) {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try (Progress progress = Progress.step(what)) {
            Files.createDirectories(file.toAbsolutePath().getParent());
            long bytes = 0;
            try (InputStream in = rest.stream(path);
                    OutputStream out = Files.newOutputStream(part)) {
                byte[] buffer = new byte[1 << 16];
                while (true) {
                    int read = read(rest, in, buffer);
                    if (read < 0) {
                        break;
                    }
                    out.write(buffer, 0, read);
                    bytes += read;
                    progress.note(Numbers.bytes(bytes));
                }
            }
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
            return bytes;
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, "cannot write " + file + ": " + e);
        }
    }

    /** Tells what breaks off on the way from what cannot be written. */
    private static int read(RestClient rest, InputStream in, byte[] buffer) {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw rest.unreachable(e);
        }
    }
}
