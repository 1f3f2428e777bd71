package io.davylamp.server.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.zjsonpatch.JsonPatch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of pods. The reviews have the form in which Kubernetes 1.30 sends them; each patched pod is read strictly. */
class AdmissionReviewsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OPTION = "-javaagent:/davylamp/davylamp-agent.jar";

    private final AdmissionReviews reviews = new AdmissionReviews(
            new Injection("registry.example/davylamp-agent:1", List.of(), "lamp:11800", "", "", new TreeMap<>()));

    private static ObjectNode review(String name) throws IOException {
        try (InputStream in = AdmissionReviewsTest.class.getResourceAsStream(name + ".json")) {
            return (ObjectNode) JSON.readTree(in);
        }
    }

    private static ObjectNode pod(ObjectNode review) {
        return (ObjectNode) review.get("request").get("object");
    }

    private static ObjectNode first(ObjectNode review) {
        return (ObjectNode) pod(review).get("spec").get("containers").get(0);
    }

    private static ObjectNode annotations(ObjectNode review) {
        return ((ObjectNode) pod(review).get("metadata")).withObject("/annotations");
    }

    private JsonNode response(ObjectNode review, boolean all) throws IOException {
        AdmissionReviews.Answer answer = reviews.answer(review.toString().getBytes(StandardCharsets.UTF_8), all);
        assertThat(answer).isInstanceOf(AdmissionReviews.Answer.Reviewed.class);
        JsonNode whole = JSON.readTree(((AdmissionReviews.Answer.Reviewed) answer).body());
        assertThat(whole.get("kind").asText()).isEqualTo("AdmissionReview");
        assertThat(whole.get("apiVersion").asText()).isEqualTo("admission.k8s.io/v1");
        JsonNode response = whole.get("response");
        assertThat(response.get("uid")).isEqualTo(review.get("request").get("uid"));
        assertThat(response.get("allowed").asBoolean()).isTrue();
        return response;
    }

    /** The pod as the API server makes it from the answer. */
    private static JsonNode patched(ObjectNode review, JsonNode response) throws IOException {
        if (!response.has("patch")) {
            return pod(review);
        }
        assertThat(response.get("patchType").asText()).isEqualTo("JSONPatch");
        return JsonPatch.apply(
                JSON.readTree(Base64.getDecoder().decode(response.get("patch").asText())), pod(review));
    }

    private Pod injected(ObjectNode review) throws IOException {
        JsonNode response = response(review, false);
        assertThat(response.has("warnings")).as(response.toString()).isFalse();
        Pod pod = StrictModel.read(patched(review, response), Pod.class);
        StrictModel.requireWhole(pod.getSpec());
        return pod;
    }

    private void leavesAlone(ObjectNode review, String warning) throws IOException {
        JsonNode response = response(review, false);
        assertThat(response.has("patch")).as(response.toString()).isFalse();
        if (warning.isEmpty()) {
            assertThat(response.has("warnings")).as(response.toString()).isFalse();
        } else {
            assertThat(response.get("warnings").toString()).contains(warning);
        }
    }

    private static Container container(Pod pod, String name) {
        return pod.getSpec().getContainers().stream()
                .filter(each -> each.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static EnvVar variable(Container container, String name) {
        return container.getEnv().stream()
                .filter(each -> each.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in " + container.getEnv()));
    }

    private static String value(Container container, String name) {
        return variable(container, name).getValue();
    }

    @Test
    void aPodThatAsksForItGetsTheAgent() throws IOException {
        Pod pod = injected(review("deployment"));

        Container checkout = container(pod, "checkout");
        assertThat(value(checkout, "JAVA_TOOL_OPTIONS")).isEqualTo(OPTION);
        assertThat(value(checkout, "DAVY_SERVICE")).isEqualTo("checkout");
        assertThat(value(checkout, "DAVY_SERVER")).isEqualTo("lamp:11800");
        assertThat(value(checkout, "DAVY_INSTANCE")).isEqualTo("$(DAVYLAMP_POD)");
        assertThat(value(checkout, "DAVY_FOLDER")).startsWith("/davylamp/");
        assertThat(value(checkout, "DAVY_LABELS"))
                .isEqualTo("namespace=$(DAVYLAMP_NAMESPACE);node=$(DAVYLAMP_NODE);container=checkout;version=1.4.2");
        assertThat(variable(checkout, "DAVYLAMP_POD")
                        .getValueFrom()
                        .getFieldRef()
                        .getFieldPath())
                .isEqualTo("metadata.name");
        assertThat(checkout.getVolumeMounts())
                .extracting(VolumeMount::getMountPath)
                .contains("/davylamp");
        Container copier = pod.getSpec().getInitContainers().get(0);
        assertThat(copier.getImage()).isEqualTo("registry.example/davylamp-agent:1");
        assertThat(copier.getArgs()).containsExactly("/davylamp");
        assertThat(copier.getVolumeMounts())
                .extracting(VolumeMount::getMountPath)
                .containsExactly("/davylamp");
        assertThat(pod.getMetadata().getAnnotations()).containsEntry("davylamp.io/injected", "checkout");
    }

    /** Kubernetes replaces $(NAME) only by what stands before it. */
    @Test
    void aVariableStandsBehindThoseThatItNames() throws IOException {
        List<String> names = container(injected(review("deployment")), "checkout").getEnv().stream()
                .map(EnvVar::getName)
                .toList();

        assertThat(names.indexOf("DAVYLAMP_POD")).isLessThan(names.indexOf("DAVY_INSTANCE"));
        assertThat(names.indexOf("DAVYLAMP_NAMESPACE")).isLessThan(names.indexOf("DAVY_LABELS"));
        assertThat(names.indexOf("DAVYLAMP_NODE")).isLessThan(names.indexOf("DAVY_LABELS"));
    }

    /** The levels "restricted" of pod security, quotas and the class of service must still let the pod in. */
    @Test
    void theInitContainerIsAsRestrictedAsPodsMayHaveToBeAndAsksForNoMoreThanThePod() throws IOException {
        Pod pod = injected(review("deployment"));

        Container copier = pod.getSpec().getInitContainers().get(0);
        assertThat(copier.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
        assertThat(copier.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(copier.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(copier.getSecurityContext().getRunAsUser())
                .as("the cluster may choose it")
                .isNull();
        assertThat(copier.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(copier.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(copier.getResources().getLimits())
                .isEqualTo(container(pod, "checkout").getResources().getLimits());
        assertThat(copier.getResources().getRequests())
                .isEqualTo(container(pod, "checkout").getResources().getRequests());
    }

    /** runAsNonRoot would keep it from starting. */
    @Test
    void inAPodOfRootTheInitContainerRunsAsRoot() throws IOException {
        Container copier =
                injected(review("cronjob")).getSpec().getInitContainers().get(0);

        assertThat(copier.getSecurityContext().getRunAsNonRoot()).isNull();
    }

    @Test
    void ofSeveralContainersTheNamedOnesGetTheAgentEachAsItsOwnService() throws IOException {
        Pod pod = injected(review("statefulset"));

        assertThat(pod.getSpec().getInitContainers())
                .extracting(Container::getName)
                .containsExactly("davylamp-agent", "wait", "migrate", "mesh");
        Container migrate = pod.getSpec().getInitContainers().get(2);
        assertThat(value(migrate, "JAVA_TOOL_OPTIONS")).isEqualTo("-Xmx128m " + OPTION);
        assertThat(value(migrate, "DAVY_SERVICE")).isEqualTo("orders-migrate");
        assertThat(value(container(pod, "exporter"), "DAVY_SERVICE")).isEqualTo("orders-exporter");
        assertThat(container(pod, "shipper").getEnv()).isEmpty();
        assertThat(container(pod, "shipper").getVolumeMounts()).isEmpty();
        assertThat(pod.getMetadata().getAnnotations()).containsEntry("davylamp.io/injected", "migrate,broker,exporter");
    }

    @Test
    void whatThePodSetsItselfStays() throws IOException {
        Container broker = container(injected(review("statefulset")), "broker");

        assertThat(value(broker, "JAVA_TOOL_OPTIONS")).isEqualTo("-Xmx2g -Dbroker.host=$(POD_IP) " + OPTION);
        assertThat(value(broker, "DAVY_SERVICE")).isEqualTo("order-broker");
        assertThat(value(broker, "DAVY_SERVER")).isEqualTo("other.davylamp:11800");
        assertThat(value(broker, "DAVY_LABELS")).endsWith(";container=broker;team=orders;zone=a");
        assertThat(variable(broker, "DAVY_TOKEN")
                        .getValueFrom()
                        .getSecretKeyRef()
                        .getName())
                .isEqualTo("lamp-token");
        assertThat(variable(broker, "DAVY_TOKEN")
                        .getValueFrom()
                        .getSecretKeyRef()
                        .getOptional())
                .as("a missing Secret must not keep the pod from starting")
                .isTrue();
    }

    @Test
    void optionsFromAConfigMapStayBeforeTheAgent() throws IOException {
        List<EnvVar> env =
                container(injected(review("statefulset")), "exporter").getEnv();

        assertThat(env.get(0).getName()).isEqualTo("DAVYLAMP_JAVA_TOOL_OPTIONS");
        assertThat(env.get(0).getValueFrom().getConfigMapKeyRef().getKey()).isEqualTo("java-options");
        assertThat(env.get(1).getName()).isEqualTo("JAVA_TOOL_OPTIONS");
        assertThat(env.get(1).getValue()).isEqualTo("$(DAVYLAMP_JAVA_TOOL_OPTIONS) " + OPTION);
        assertThat(env.get(2).getName()).isEqualTo("MODE");
    }

    /** Were the key missing, the JVM would get our reference to it as an option, and not start. */
    @Test
    void anOptionalKeyIsNotBuiltUpon() throws IOException {
        ObjectNode review = review("deployment");
        ObjectNode options = first(review).withArray("env").addObject().put("name", "JAVA_TOOL_OPTIONS");
        options.withObject("/valueFrom/configMapKeyRef")
                .put("name", "options")
                .put("key", "java")
                .put("optional", true);

        leavesAlone(review, "takes JAVA_TOOL_OPTIONS from an optional key");
    }

    /** The ConfigMap may have JAVA_TOOL_OPTIONS, and a variable of the pod would replace it. */
    @Test
    void whereOptionsMayComeUnseenAnotherVariableNamesTheAgent() throws IOException {
        Container report = container(injected(review("cronjob")), "report");

        assertThat(value(report, "_JAVA_OPTIONS")).isEqualTo(OPTION);
        assertThat(report.getEnv()).extracting(EnvVar::getName).doesNotContain("JAVA_TOOL_OPTIONS");
        assertThat(value(report, "DAVY_SERVICE")).isEqualTo("nightly-report");
    }

    @Test
    void theVariableCanBeChosen() throws IOException {
        ObjectNode review = review("deployment");
        annotations(review).put("davylamp.io/variable", "CATALINA_OPTS");
        assertThat(value(container(injected(review), "checkout"), "CATALINA_OPTS"))
                .isEqualTo(OPTION);

        annotations(review).put("davylamp.io/variable", "no name");
        leavesAlone(review, "\\\"no name\\\", which is no name of a variable");
    }

    @Test
    void appliedTwiceChangesNothing() throws IOException {
        for (String name : List.of("deployment", "statefulset", "cronjob")) {
            ObjectNode review = review(name);
            JsonNode once = patched(review, response(review, false));
            ((ObjectNode) review.get("request")).set("object", once);

            leavesAlone(review, "");
        }
    }

    @Test
    void aPodThatNamesTheAgentItselfKeepsIt() throws IOException {
        ObjectNode review = review("deployment");
        first(review)
                .withArray("env")
                .addObject()
                .put("name", "JAVA_TOOL_OPTIONS")
                .put("value", "-javaagent:/opt/davylamp/davylamp-agent.jar");

        leavesAlone(review, "names the agent in JAVA_TOOL_OPTIONS already");
    }

    @Test
    void aPodThatAsksForNothingGetsItOnlyWhereItsNamespaceAsks() throws IOException {
        ObjectNode review = review("deployment");
        ObjectNode labels = (ObjectNode) pod(review).get("metadata").get("labels");
        labels.remove("davylamp.io/inject");

        assertThat(response(review, false).has("patch")).isFalse();
        assertThat(response(review, true).has("patch")).isTrue();

        labels.put("davylamp.io/inject", "false");
        assertThat(response(review, true).has("patch")).isFalse();
    }

    @Test
    void theServiceIsCalledLikeTheWorkloadWhereNoLabelSaysIt() throws IOException {
        ObjectNode review = review("deployment");
        ObjectNode labels = (ObjectNode) pod(review).get("metadata").get("labels");
        labels.remove("app.kubernetes.io/name");
        assertThat(value(container(injected(review), "checkout"), "DAVY_SERVICE"))
                .isEqualTo("checkout");

        labels.put("app", "till");
        assertThat(value(container(injected(review), "checkout"), "DAVY_SERVICE"))
                .isEqualTo("till");

        annotations(review).put("davylamp.io/service", "shop-checkout");
        assertThat(value(container(injected(review), "checkout"), "DAVY_SERVICE"))
                .isEqualTo("shop-checkout");
    }

    @Test
    void whatThePodCannotTakeIsLeftOutWithAWarning() throws IOException {
        ObjectNode review = review("deployment");
        annotations(review).put("davylamp.io/containers", "nobody");
        leavesAlone(review, "names \\\"nobody\\\", but the pod has no such container");

        ObjectNode mounted = review("deployment");
        ((ArrayNode) first(mounted).get("volumeMounts"))
                .addObject()
                .put("name", "x")
                .put("mountPath", "/davylamp/conf");
        leavesAlone(mounted, "mounts \\\"/davylamp/conf\\\", where the agent would be");

        ObjectNode windows = review("deployment");
        ((ObjectNode) pod(windows).get("spec")).putObject("os").put("name", "windows");
        leavesAlone(windows, "the agent needs Linux");

        ObjectNode mirror = review("deployment");
        annotations(mirror).put("kubernetes.io/config.mirror", "1a2b");
        leavesAlone(mirror, "");
    }

    @Test
    void authoritiesTokenAndVariablesComeFromTheWebhooksOptions() throws IOException {
        AdmissionReviews told = new AdmissionReviews(new Injection(
                "agent",
                List.of("cp", "/davylamp-agent.jar", "/davylamp/"),
                "lamp:11800",
                "token",
                "lamp-ca",
                new TreeMap<>(Map.of("DAVY_AGENT_QUOTA", "1h", "DAVY_AGENT_OUTBOX_SIZE", "64m"))));
        ObjectNode review = review("deployment");
        AdmissionReviews.Answer.Reviewed answer = (AdmissionReviews.Answer.Reviewed)
                told.answer(review.toString().getBytes(StandardCharsets.UTF_8), false);

        JsonNode response = JSON.readTree(answer.body()).get("response");
        Pod pod = StrictModel.read(patched(review, response), Pod.class);
        StrictModel.requireWhole(pod.getSpec());

        Container checkout = container(pod, "checkout");
        assertThat(value(checkout, "DAVY_AGENT_CA")).isEqualTo("/davylamp-ca/ca.crt");
        assertThat(value(checkout, "DAVY_AGENT_QUOTA")).isEqualTo("1h");
        assertThat(value(checkout, "DAVY_AGENT_OUTBOX_SIZE")).isEqualTo("64m");
        assertThat(value(checkout, "DAVY_AGENT_MAX_RECORDING")).isEqualTo("256m");
        assertThat(variable(checkout, "DAVY_TOKEN")
                        .getValueFrom()
                        .getSecretKeyRef()
                        .getKey())
                .isEqualTo("token");
        assertThat(pod.getSpec().getVolumes().get(2).getConfigMap().getOptional())
                .isTrue();
        assertThat(pod.getSpec().getInitContainers().get(0).getCommand())
                .containsExactly("cp", "/davylamp-agent.jar", "/davylamp/");
    }

    /** Everything that is a review is allowed: whatever it is about, and however odd its pod is. */
    @Test
    void whatIsNoNewPodIsAllowedAndLeftAlone() throws IOException {
        List<Consumer<ObjectNode>> changes = List.of(
                review -> ((ObjectNode) review.at("/request/kind"))
                        .put("group", "apps")
                        .put("kind", "Deployment"),
                review -> ((ObjectNode) review.get("request")).put("operation", "UPDATE"),
                review -> ((ObjectNode) review.get("request")).put("subResource", "ephemeralcontainers"),
                review -> ((ObjectNode) review.get("request")).putNull("object"),
                review -> ((ObjectNode) review.get("request")).put("object", "pod"),
                review -> pod(review).put("spec", 7),
                review -> pod(review).putArray("metadata"),
                review -> ((ObjectNode) pod(review).get("spec")).putNull("containers"),
                review -> ((ObjectNode) pod(review).get("spec")).put("containers", "all"),
                review -> ((ObjectNode) pod(review).get("spec"))
                        .putArray("containers")
                        .add(1));
        for (Consumer<ObjectNode> change : changes) {
            ObjectNode review = review("deployment");
            change.accept(review);

            assertThat(response(review, true).has("patch"))
                    .as(review.toString())
                    .isFalse();
        }
    }

    @Test
    void aPodWithoutAnyListGetsThem() throws IOException {
        ObjectNode review = review("deployment");
        ((ObjectNode) pod(review).get("spec")).remove("volumes");
        first(review).putNull("env").putNull("volumeMounts");
        first(review).remove("resources");

        assertThat(value(container(injected(review), "checkout"), "JAVA_TOOL_OPTIONS"))
                .isEqualTo(OPTION);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{} {}",
                "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1beta1\",\"request\":{\"uid\":\"1\"}}",
                "{\"kind\":\"Pod\",\"apiVersion\":\"v1\"}",
                "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{}}",
                "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{\"uid\":\"a b\"}}"
            })
    void whatIsNoReviewIsRefusedInWords(String body) {
        AdmissionReviews.Answer answer = reviews.answer(body.getBytes(StandardCharsets.UTF_8), false);

        assertThat(answer).isInstanceOf(AdmissionReviews.Answer.Unreadable.class);
        assertThat(((AdmissionReviews.Answer.Unreadable) answer).why())
                .containsAnyOf("no JSON", "no AdmissionReview", "no request.uid");
    }

    @Test
    void listsInListsWithoutEndAreRefused() {
        String deep = "[".repeat(100_000);

        assertThat(reviews.answer(deep.getBytes(StandardCharsets.UTF_8), false))
                .isInstanceOf(AdmissionReviews.Answer.Unreadable.class);
    }
}
