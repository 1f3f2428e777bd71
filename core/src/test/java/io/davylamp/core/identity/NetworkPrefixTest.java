package io.davylamp.core.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkPrefixTest {
    @Test
    void addressesOfOneCustomerAreOnePlaceAndThoseOfTwoAreNot() {
        assertThat(NetworkPrefix.of("2001:db8:1:2::1"))
                .isEqualTo(NetworkPrefix.of("2001:db8:1:2:ffff:ffff:ffff:ffff"))
                .isNotEqualTo(NetworkPrefix.of("2001:db8:1:3::1"));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.7, 10.0.0.7",
        "::ffff:10.0.0.7, 10.0.0.7",
        "fe80::1%1, fe80000000000000/64",
        "nosuch:thing, nosuch:thing",
        "'', ''"
    })
    void otherAddressesStayAsTheyAre(String address, String expected) {
        assertThat(NetworkPrefix.of(address)).isEqualTo(expected);
    }
}
