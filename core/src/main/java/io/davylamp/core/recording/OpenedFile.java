package io.davylamp.core.recording;

/**
 * A recording, or what another profiler wrote, that somebody opened, without a task.
 *
 * @param ready whether it has been read; before that nobody is shown it
 * @param kept whether it stays until somebody deletes it
 * @param lookedAtMillis when it was last asked for, to the minute
 */
public record OpenedFile(
        String id, String name, long sizeBytes, boolean ready, boolean kept, long openedMillis, long lookedAtMillis) {

    /** Where the file is, byte for byte as it came. */
    public String recordingKey() {
        return folder() + "/recording";
    }

    /** Where its profile is. */
    public String profileKey() {
        return folder() + "/profile";
    }

    /** Where its unpacked bytes are while they are read. */
    public String unpackedKey() {
        return folder() + "/unpacked";
    }

    private String folder() {
        return "files/" + id;
    }
}
