package io.davylamp.skywalking;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SkyWalkingIdsTest {
    @ParameterizedTest
    @CsvSource({
        "e2e-service-provider, provider1, ZTJlLXNlcnZpY2UtcHJvdmlkZXI=.1, ZTJlLXNlcnZpY2UtcHJvdmlkZXI=.1_cHJvdmlkZXIx",
        "order-service, order-0, b3JkZXItc2VydmljZQ==.1, b3JkZXItc2VydmljZQ==.1_b3JkZXItMA==",
        "demo::order-service|ns1|cl1, 8f0c1d@10.0.0.7, ZGVtbzo6b3JkZXItc2VydmljZXxuczF8Y2wx.1,"
                + " ZGVtbzo6b3JkZXItc2VydmljZXxuczF8Y2wx.1_OGYwYzFkQDEwLjAuMC43",
        "政务服务, gw-1, 5pS/5Yqh5pyN5Yqh.1, 5pS/5Yqh5pyN5Yqh.1_Z3ctMQ=="
    })
    void areThoseOfTheWorkedExamples(String service, String instance, String serviceId, String instanceId) {
        assertThat(SkyWalkingIds.service(service)).isEqualTo(serviceId);
        assertThat(SkyWalkingIds.instance(service, instance)).isEqualTo(instanceId);
        assertThat(SkyWalkingIds.serviceName(serviceId)).contains(service);
        assertThat(SkyWalkingIds.instanceName(instanceId, service)).contains(instance);
        assertThat(SkyWalkingIds.instance(instanceId)).contains(new SkyWalkingIds.Instance(service, instance));
    }

    @Test
    void aBlankNameHasAName() {
        assertThat(SkyWalkingIds.serviceName(SkyWalkingIds.service(" "))).contains("_blank");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "eA==", "eA==.0", "eA==.1.1", "e.1", "!.1", "/w==.1", ".", "_", "eA==.1_!"})
    void whatIsNoIdIsNone(String id) {
        assertThat(SkyWalkingIds.instance(id)).isEmpty();
        if (!id.contains("_")) {
            assertThat(SkyWalkingIds.serviceName(id)).isEmpty();
        }
    }
}
