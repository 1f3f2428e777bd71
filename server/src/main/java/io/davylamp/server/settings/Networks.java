package io.davylamp.server.settings;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Addresses of IP networks, such as {@code 10.0.0.0/8, 192.168.1.7, fd00::/8}. Names are not taken: who answers for a name may
 * change. Immutable.
 */
public final class Networks {
    private static final Pattern IPV4 =
            Pattern.compile("(25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})(\\.(25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    private final List<Network> networks;

    private record Network(byte[] address, int bits) {
        boolean contains(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> bit % 8;
                if ((address[bit / 8] & mask) != (other[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    private Networks(List<Network> networks) {
        this.networks = List.copyOf(networks);
    }

    /** @param text addresses and networks, separated by commas; empty for none. Empty answer: something else */
    public static Optional<Networks> parse(String text) {
        List<Optional<Network>> parsed = Arrays.stream(text.split(","))
                .map(String::trim)
                .filter(each -> !each.isEmpty())
                .map(Networks::network)
                .toList();
        return parsed.stream().allMatch(Optional::isPresent)
                ? Optional.of(
                        new Networks(parsed.stream().map(Optional::orElseThrow).toList()))
                : Optional.empty();
    }

    private static Optional<Network> network(String text) {
        int slash = text.indexOf('/');
        Optional<InetAddress> host = address(slash < 0 ? text : text.substring(0, slash));
        if (host.isEmpty()) {
            return Optional.empty();
        }
        byte[] address = host.get().getAddress();
        int most = address.length * 8;
        String bits = slash < 0 ? String.valueOf(most) : text.substring(slash + 1);
        return bits.matches("[0-9]{1,3}") && Integer.parseInt(bits) <= most
                ? Optional.of(new Network(address, Integer.parseInt(bits)))
                : Optional.empty();
    }

    /** The address that {@code text} is; empty for a name, which is never looked up. */
    public static Optional<InetAddress> address(String text) {
        // Only what cannot be a name reaches the JDK, which would ask for one.
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    public boolean contains(InetAddress address) {
        return networks.stream().anyMatch(network -> network.contains(address.getAddress()));
    }

    public boolean isEmpty() {
        return networks.isEmpty();
    }
}
