package io.davylamp.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworksTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            10.0.0.0/8              | 10.255.1.2    | true
            10.0.0.0/8              | 11.0.0.1      | false
            192.168.1.7             | 192.168.1.7   | true
            192.168.1.7             | 192.168.1.8   | false
            10.0.0.0/9, 192.0.2.0/25 | 192.0.2.127  | true
            10.0.0.0/9, 192.0.2.0/25 | 192.0.2.128  | false
            fd00::/8                | fd12::1       | true
            fd00::/8                | fe80::1       | false
            ::1                     | ::1           | true
            0.0.0.0/0               | ::1           | false
            0.0.0.0/0               | 203.0.113.9   | true
            ''                      | 127.0.0.1     | false
            127.0.0.1               | ::ffff:127.0.0.1 | true
            """)
    void tellsWhichAddressesAreInside(String networks, String address, boolean inside) throws Exception {
        assertThat(Networks.parse(networks).orElseThrow().contains(InetAddress.getByName(address)))
                .isEqualTo(inside);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "proxy.example",
                "10.0.0.0/33",
                "10.0.0/8",
                "300.1.1.1",
                "fd00::/129",
                "10.0.0.0/",
                "1",
                "/8",
                "a:b"
            })
    void takesNoNamesAndNothingHalf(String text) {
        assertThat(Networks.parse(text)).isEmpty();
    }
}
