package io.davylamp.profile.codec;

import java.io.IOException;

/** A stored profile that contradicts its format; names the section and what is wrong with it. Never served as data. */
public final class DamagedProfileException extends IOException {
    private static final long serialVersionUID = 1L;

    public DamagedProfileException(String section, String reason) {
        super(section + ": " + reason);
    }
}
