package io.davylamp.core.identity;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;

/** What is counted as one place where attempts come from. */
public final class NetworkPrefix {
    /** One customer of a network gets at least so many bits of IPv6 addresses to choose from freely (RFC 6177). */
    private static final int BYTES = 8;

    private NetworkPrefix() {}

    /**
     * Returns the /64 of an IPv6 address, and an IPv4 address as it is.
     *
     * @param address in digits, as a connection names it; other text is returned as it is
     */
    public static String of(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        try {
            // In digits: no name is looked up.
            InetAddress parsed = InetAddress.getByName(address);
            return parsed instanceof Inet6Address
                    ? HexFormat.of().formatHex(Arrays.copyOf(parsed.getAddress(), BYTES)) + "/64"
                    : parsed.getHostAddress();
        } catch (UnknownHostException e) {
            return address;
        }
    }
}
