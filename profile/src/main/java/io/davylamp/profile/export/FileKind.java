package io.davylamp.profile.export;

/** The kinds of files, recognised by their first bytes once unpacked. */
enum FileKind {
    /** A recording of JDK Flight Recorder's format. */
    RECORDING,
    /** Lines of text, each with a stack and a number. */
    COLLAPSED,
    /** The output of {@code perf script}. */
    PERF_SCRIPT,
    /** JSON of speedscope. */
    SPEEDSCOPE,
    /** A message of pprof. */
    PPROF,
    UNKNOWN;

    private static final byte[] JFR = {'F', 'L', 'R', 0};

    /** @param start some hundred bytes, or as many as there are */
    static FileKind of(byte[] start) {
        if (startsWith(start, JFR)) {
            return RECORDING;
        }
        // Before text: its first byte is that of an empty line, and small ones have no byte of zero.
        if (PprofImport.isPprof(start)) {
            return PPROF;
        }
        if (!isText(start)) {
            return UNKNOWN;
        }
        return SpeedscopeImport.isJson(TextLines.decoded(start, start.length)) ? SPEEDSCOPE : COLLAPSED;
    }

    /**
     * Returns the kind of a text by its first kilobytes: comments may precede the line that shows the kind.
     *
     * @param length how many bytes of {@code start} there are
     */
    static FileKind ofText(byte[] start, int length) {
        return PerfScriptImport.isPerfScript(TextLines.decoded(start, length)) ? PERF_SCRIPT : COLLAPSED;
    }

    private static boolean startsWith(byte[] start, byte[] magic) {
        if (start.length < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if (start[i] != magic[i]) {
                return false;
            }
        }
        return true;
    }

    /** Text has no byte of zero, unless a mark says that its characters have two bytes. */
    private static boolean isText(byte[] start) {
        if (start.length >= 2
                && (start[0] == (byte) 0xff && start[1] == (byte) 0xfe
                        || start[0] == (byte) 0xfe && start[1] == (byte) 0xff)) {
            return true;
        }
        for (byte b : start) {
            if (b == 0) {
                return false;
            }
        }
        return start.length > 0;
    }
}
