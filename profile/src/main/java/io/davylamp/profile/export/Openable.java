package io.davylamp.profile.export;

import java.io.IOException;
import java.io.InputStream;

/** A file that is read from its start as often as is needed. */
@FunctionalInterface
interface Openable {
    /** The caller closes it. */
    InputStream open() throws IOException;
}
