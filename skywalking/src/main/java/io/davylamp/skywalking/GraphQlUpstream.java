package io.davylamp.skywalking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.client.circuitbreaker.CircuitBreaker;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import io.davylamp.skywalking.Refusals.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** The GraphQL of a SkyWalking server behind us. Thread-safe. */
final class GraphQlUpstream {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final int MAX_ANSWER_BYTES = 64 << 20;

    private final WebClient client;
    private final CircuitBreaker breaker = Upstream.breaker("graphql-upstream");
    private final Refusals refusals;
    private final String address;

    /** @param address the whole URL, {@code http://host:12800/graphql} */
    GraphQlUpstream(String address, ClientFactory factory, Refusals refusals) {
        this.address = address;
        this.refusals = refusals;
        this.client = WebClient.builder(address)
                .factory(factory)
                .maxResponseLength(MAX_ANSWER_BYTES)
                .responseTimeout(ANSWER)
                .build();
    }

    boolean isUp() {
        return breaker.tryRequest();
    }

    /** Their answer; null when there is none. */
    CompletionStage<JsonNode> ask(JsonNode question, RequestHeaders headers) {
        RequestHeadersBuilder onward =
                RequestHeaders.builder(HttpMethod.POST, "").contentType(MediaType.JSON);
        String authorization = headers.get(HttpHeaderNames.AUTHORIZATION);
        if (authorization != null) {
            onward.set(HttpHeaderNames.AUTHORIZATION, authorization);
        }
        return client.execute(onward.build(), HttpData.ofUtf8(question.toString()))
                .aggregate()
                .handle((reply, error) -> {
                    String wrong = error != null ? error.toString() : null;
                    if (error == null && !reply.status().equals(HttpStatus.OK)) {
                        wrong = "it answers " + reply.status();
                    }
                    JsonNode answer = null;
                    if (wrong == null) {
                        try {
                            answer = JSON.readTree(reply.content().array());
                        } catch (IOException e) {
                            wrong = "its answer is no JSON: " + e.getMessage();
                        }
                    }
                    if (wrong == null) {
                        breaker.onSuccess();
                    } else {
                        breaker.onFailure();
                        refusals.note(
                                Reason.UPSTREAM,
                                "GraphQL of the SkyWalking server " + address + " cannot be reached: " + wrong);
                    }
                    return answer;
                });
    }
}
