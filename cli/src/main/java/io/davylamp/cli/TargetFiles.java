package io.davylamp.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The files of another process, below its own root. A container chooses what is in its folders, and a link of its would lead out of
 * it, to files of ours: so no link below the root is followed, at no step.
 */
final class TargetFiles {
    private final Path root;

    /** @param root such as /proc/7/root */
    TargetFiles(Path root) {
        this.root = root;
    }

    /** Writes a copy of a file of ours that everybody there may read, in place of what has its name. */
    void copy(Path source, String folder, String name) throws IOException {
        try (FileChannel in = FileChannel.open(source)) {
            create(folder, name, "rw-r--r--", in);
        }
    }

    /** Makes an empty file that only its owner may read, in place of what has its name. */
    void touch(String folder, String name) throws IOException {
        create(folder, name, "rw-------", null);
    }

    void delete(String folder, String name) throws IOException {
        try (SecureDirectoryStream<Path> at = open(folder)) {
            at.deleteFile(Path.of(name));
        } catch (NoSuchFileException e) {
            // As it should be.
        }
    }

    private void create(String folder, String name, String permissions, FileChannel content) throws IOException {
        Path file = Path.of(name);
        Set<PosixFilePermission> wanted = PosixFilePermissions.fromString(permissions);
        try (SecureDirectoryStream<Path> at = open(folder)) {
            try {
                at.deleteFile(file);
            } catch (NoSuchFileException e) {
                // The first of its name.
            }
            try (SeekableByteChannel out = at.newByteChannel(
                    file,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                    PosixFilePermissions.asFileAttribute(wanted))) {
                ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
                while (content != null && content.read(buffer.clear()) >= 0) {
                    out.write(buffer.flip());
                }
            }
            // The mask of this process may have taken some away.
            at.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .setPermissions(wanted);
        }
    }

    private SecureDirectoryStream<Path> open(String folder) throws IOException {
        SecureDirectoryStream<Path> at = secure(Files.newDirectoryStream(root), folder);
        for (Path name : Path.of("/").relativize(Path.of(folder))) {
            try (SecureDirectoryStream<Path> before = at) {
                if (name.toString().equals("..")) {
                    throw new FileSystemException(folder, null, "it leads upwards");
                }
                at = before.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
            }
        }
        return at;
    }

    private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> folder, String name) throws IOException {
        if (folder instanceof SecureDirectoryStream<Path> secure) {
            return secure;
        }
        folder.close();
        throw new FileSystemException(name, null, "this system cannot open it without following links");
    }
}
