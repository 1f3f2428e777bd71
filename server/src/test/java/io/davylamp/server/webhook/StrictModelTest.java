package io.davylamp.server.webhook;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Pod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the other tests rely on: a mistake in an object of Kubernetes fails. */
class StrictModelTest {
    private static Pod pod(String spec) throws JsonProcessingException {
        return StrictModel.read(
                new ObjectMapper().readTree("{\"kind\": \"Pod\", \"apiVersion\": \"v1\", \"spec\": " + spec + "}"),
                Pod.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"container\": []}",
                "{\"containers\": [{\"securityContext\": {\"readOnlyRootFileSystem\": true}}]}",
                "{\"volumes\": [{\"emptydir\": {}}]}",
                "{\"containers\": [{\"resources\": {\"request\": {}}}]}"
            })
    void aMisspeltFieldIsNoticed(String spec) {
        assertThatThrownBy(() -> pod(spec)).hasMessageContaining("Kubernetes knows no [Pod.spec.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"containers\": [{\"name\": \"a\", \"volumeMounts\": [{\"name\": \"x\", \"mountPath\": \"/x\"}]}]}",
                "{\"containers\": [{\"name\": \"a\"}, {\"name\": \"a\"}]}",
                "{\"containers\": [{\"name\": \"a\", \"env\": [{\"name\": \"X\"}, {\"name\": \"X\"}]}]}"
            })
    void aNameThatLeadsNowhereOrIsThereTwiceIsNoticed(String spec) throws JsonProcessingException {
        Pod pod = pod(spec);

        assertThatThrownBy(() -> StrictModel.requireWhole(pod.getSpec())).isInstanceOf(AssertionError.class);
    }

    @Test
    void anotherKindIsNoticed() {
        assertThatThrownBy(() -> StrictModel.read(new ObjectMapper().readTree("{\"kind\": \"Job\"}"), Pod.class))
                .hasMessageContaining("is no v1 Pod");
    }
}
