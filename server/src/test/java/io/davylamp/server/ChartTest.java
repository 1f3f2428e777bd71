package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import io.davylamp.server.settings.AgentVariables;
import io.davylamp.server.settings.Setting;
import io.davylamp.server.settings.Settings;
import io.davylamp.server.webhook.StrictModel;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The chart, rendered by Helm itself and read into the classes of Kubernetes' API, and the manifests made from it. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChartTest {
    private static final Path DEPLOY = Path.of("../deploy");
    private static final Path CHART = DEPLOY.resolve("helm/davylamp");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Settings that the chart sets from values of their own, or that are secrets and come from Secrets. */
    private static final Set<Setting> OF_THE_CHART = Set.of(
            Setting.AGENT_HOST,
            Setting.AGENT_PORT,
            Setting.AGENT_TOKEN,
            Setting.AGENT_TLS_CERTIFICATE,
            Setting.AGENT_TLS_KEY,
            Setting.AGENT_TLS_CLIENT_CA,
            Setting.HTTP_HOST,
            Setting.HTTP_PORT,
            Setting.HTTP_TLS_CERTIFICATE,
            Setting.HTTP_TLS_KEY,
            Setting.DATA_FOLDER,
            Setting.DATA_DATABASE,
            Setting.DATA_DATABASE_USER,
            Setting.DATA_DATABASE_PASSWORD,
            Setting.DATA_DATABASE_PASSWORD_FILE,
            Setting.DATA_DATABASE_TLS,
            Setting.DATA_BLOBS,
            Setting.DATA_BLOBS_ENDPOINT,
            Setting.DATA_BLOBS_REGION,
            Setting.ACCESS_OIDC_CLIENT_SECRET,
            Setting.ACCESS_OIDC_CLIENT_SECRET_FILE);

    /** The kinds that charts may make; cert-manager's have no classes, and are looked at by hand. */
    private static final Map<String, Class<? extends HasMetadata>> KINDS = Map.ofEntries(
            Map.entry("ServiceAccount", ServiceAccount.class),
            Map.entry("Secret", Secret.class),
            Map.entry("Service", Service.class),
            Map.entry("StatefulSet", StatefulSet.class),
            Map.entry("Deployment", Deployment.class),
            Map.entry("Ingress", Ingress.class),
            Map.entry("HTTPRoute", HTTPRoute.class),
            Map.entry("NetworkPolicy", NetworkPolicy.class),
            Map.entry("PodDisruptionBudget", PodDisruptionBudget.class),
            Map.entry("ServiceMonitor", ServiceMonitor.class),
            Map.entry("MutatingWebhookConfiguration", MutatingWebhookConfiguration.class));

    private static final String POSTGRESQL = """
            storage: postgresql
            database: {url: "jdbc:postgresql://db.example:5432/davylamp", existingSecret: davylamp-database}
            blobs: {url: "s3://profiles/davylamp", region: eu-central-1, existingSecret: davylamp-bucket}
            agentToken: {existingSecret: davylamp-agents}
            """;

    private static final String EVERYTHING = POSTGRESQL + """
            settings:
              access.oidc.issuer: https://login.example/realms/main
              access.oidc.client-id: davylamp
              access.groups: sre = admin *
              http.base-path: /profiles
              http.hosts: davylamp.example
              data.kept: 14d
              task.max-instances: 100
            oidcClientSecret: {existingSecret: davylamp-oidc}
            extraEnv: [{name: AWS_REGION, value: eu-central-1}]
            javaOptions: -Xmx1g
            imagePullSecrets: [{name: registry}]
            tls: {httpSecret: davylamp-http, agentSecret: davylamp-agent}
            agentService: {enabled: true, loadBalancerSourceRanges: [10.0.0.0/8]}
            ingress: {enabled: true, className: nginx, tlsSecret: davylamp-ingress, annotations: {a: b}}
            httpRoute: {enabled: true, parentRefs: [{name: gateway, namespace: gateways}], hostnames: [davylamp.example]}
            networkPolicy: {httpFrom: [{namespaceSelector: {matchLabels: {a: b}}}], agentFrom: [{ipBlock: {cidr: 10.0.0.0/8}}]}
            serviceMonitor: {enabled: true, labels: {release: prometheus}, tokenSecret: davylamp-reader}
            podAnnotations: {a: b}
            podLabels: {c: d}
            nodeSelector: {kubernetes.io/arch: amd64}
            tolerations: [{key: a, operator: Exists}]
            affinity: {nodeAffinity: {}}
            topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway}]
            priorityClassName: high
            webhook:
              enabled: true
              tokenSecret: davylamp-agents
              agentVariables: {DAVY_AGENT_QUOTA: 1h}
            """;

    private static final String WEBHOOK = """
            webhook:
              enabled: true
              tokenSecret: davylamp-agents
              certificate: {mode: existing, existingSecret: davylamp-webhook, caBundle: Q0EtQlVORExF}
            """;

    @TempDir
    static Path folder;

    private Path chart;

    /**
     * A copy that renders without a cluster. Helm as a library takes itself for one that knows Kubernetes 1.20, and asks a cluster
     * where the program Helm answers with nothing.
     */
    @BeforeAll
    void aChartThatNeedsNoCluster() throws IOException {
        chart = folder.resolve("davylamp");
        try (Stream<Path> files = Files.walk(CHART)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = chart.resolve(CHART.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.writeString(
                        copy,
                        Files.readString(file)
                                .replaceFirst("kubeVersion: .*\n", "")
                                .replace("lookup \"v1\" \"Secret\" .Release.Namespace $secret", "dict"));
            }
        }
    }

    private String rendered(String values) throws IOException {
        TemplateCommand template =
                new Helm(chart).template().withName("davylamp").withNamespace("davylamp");
        return template.withValuesFile(Files.writeString(Files.createTempFile(folder, "values", ".yaml"), values))
                .call();
    }

    private static List<JsonNode> documents(String yaml) {
        List<JsonNode> documents = new ArrayList<>();
        new Load(LoadSettings.builder().build()).loadAllFromString(yaml).forEach(each -> {
            if (each != null) {
                documents.add(JSON.valueToTree(each));
            }
        });
        return documents;
    }

    private List<HasMetadata> objects(String values) throws IOException {
        return read(rendered(values));
    }

    private static List<HasMetadata> read(String yaml) {
        List<HasMetadata> objects = new ArrayList<>();
        for (JsonNode document : documents(yaml)) {
            if (document.path("apiVersion").asText().startsWith("cert-manager.io/")) {
                continue;
            }
            Class<? extends HasMetadata> kind = KINDS.get(document.path("kind").asText());
            assertThat(kind).as(document.path("kind").asText()).isNotNull();
            objects.add(StrictModel.read(document, kind));
        }
        return objects;
    }

    private static <T> List<T> of(List<HasMetadata> objects, Class<T> kind) {
        return objects.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private static List<PodTemplateSpec> pods(List<HasMetadata> objects) {
        return Stream.concat(
                        of(objects, StatefulSet.class).stream()
                                .map(each -> each.getSpec().getTemplate()),
                        of(objects, Deployment.class).stream()
                                .map(each -> each.getSpec().getTemplate()))
                .toList();
    }

    private static Container server(List<HasMetadata> objects) {
        return pods(objects).stream()
                .flatMap(each -> each.getSpec().getContainers().stream())
                .filter(each -> each.getName().equals("server"))
                .findFirst()
                .orElseThrow();
    }

    static Stream<String> values() {
        return Stream.of("{}", POSTGRESQL, EVERYTHING, WEBHOOK, "persistence: {existingClaim: old, size: 1Gi}");
    }

    @Test
    void helmFindsNothingWrong() {
        LintResult lint = new Helm(CHART).lint().strict().call();

        assertThat(lint.isFailed()).as(lint.getMessages().toString()).isFalse();
    }

    @Test
    void theImagesOfTheChartHaveTheVersionOfTheServer() throws IOException {
        String version = Pattern.compile("<(?:revision|version)>([0-9][^<]*)</")
                .matcher(Files.readString(Path.of("../pom.xml")))
                .results()
                .map(found -> found.group(1))
                .findFirst()
                .orElseThrow();

        assertThat(CHART.resolve("Chart.yaml")).content().contains("\nappVersion: \"" + version + "\"");
        assertThat(server(objects("{}")).getImage()).isEqualTo("davylamp-server:" + version);
    }

    /** Kubernetes would drop a field that it does not know, or start a pod that its namespace must not have. */
    @ParameterizedTest
    @MethodSource("values")
    void everyObjectIsOneThatKubernetesKnowsAndARestrictedNamespaceTakes(String values) throws IOException {
        List<HasMetadata> objects = objects(values);

        for (PodTemplateSpec pod : pods(objects)) {
            PodSpec spec = pod.getSpec();
            Set<String> claims = new TreeSet<>();
            of(objects, StatefulSet.class)
                    .forEach(each -> each.getSpec()
                            .getVolumeClaimTemplates()
                            .forEach(claim -> claims.add(claim.getMetadata().getName())));
            claims.forEach(claim -> spec.getVolumes()
                    .add(new io.fabric8.kubernetes.api.model.VolumeBuilder()
                            .withName(claim)
                            .build()));
            StrictModel.requireWhole(spec);
            assertThat(spec.getSecurityContext().getRunAsNonRoot()).isTrue();
            assertThat(spec.getSecurityContext().getRunAsUser()).isEqualTo(10001);
            assertThat(spec.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
            assertThat(spec.getAutomountServiceAccountToken()).isFalse();
            assertThat(spec.getEnableServiceLinks()).isFalse();
            for (Container container : spec.getContainers()) {
                assertThat(container.getSecurityContext().getAllowPrivilegeEscalation())
                        .isFalse();
                assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
                        .isTrue();
                assertThat(container.getSecurityContext().getCapabilities().getDrop())
                        .containsExactly("ALL");
                assertThat(container.getResources().getRequests()).containsKeys("cpu", "memory");
                assertThat(container.getResources().getLimits()).containsKey("memory");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("values")
    void everySelectorFindsItsPods(String values) throws IOException {
        List<HasMetadata> objects = objects(values);
        List<Map<String, String>> selectors = new ArrayList<>();
        of(objects, Service.class).forEach(each -> selectors.add(each.getSpec().getSelector()));
        List<LabelSelector> more = new ArrayList<>();
        of(objects, StatefulSet.class).forEach(each -> more.add(each.getSpec().getSelector()));
        of(objects, Deployment.class).forEach(each -> more.add(each.getSpec().getSelector()));
        of(objects, PodDisruptionBudget.class)
                .forEach(each -> more.add(each.getSpec().getSelector()));
        of(objects, NetworkPolicy.class).forEach(each -> more.add(each.getSpec().getPodSelector()));
        more.forEach(each -> selectors.add(each.getMatchLabels()));

        for (Map<String, String> selector : selectors) {
            assertThat(pods(objects).stream()
                            .map(PodTemplateSpec::getMetadata)
                            .map(ObjectMeta::getLabels)
                            .filter(labels -> labels.entrySet().containsAll(selector.entrySet()))
                            .count())
                    .as(selector.toString())
                    .isEqualTo(1);
        }
    }

    /** A wrong name would stop the server at its start; a wrong value, too. */
    @ParameterizedTest
    @MethodSource("values")
    void theServerTakesTheVariablesThatThePodGives(String values) throws IOException {
        Map<String, String> environment = new HashMap<>();
        for (EnvVar variable : server(objects(values)).getEnv()) {
            assertThat(environment).as("twice").doesNotContainKey(variable.getName());
            environment.put(variable.getName(), variable.getValue() == null ? "secret" : variable.getValue());
        }

        Settings settings = Settings.of(null, environment, List.of());

        assertThat(settings.text(Setting.HTTP_HOST)).isEqualTo("0.0.0.0");
        OpenPorts.require(ServerConfig.of(settings));
    }

    @Test
    void theSchemaKnowsTheSettingsAndTheAgentsVariables() throws IOException {
        JsonNode schema = JSON.readTree(CHART.resolve("values.schema.json").toFile());

        assertThat(words(schema.at("/properties/settings/propertyNames/enum")))
                .containsExactlyElementsOf(Arrays.stream(Setting.values())
                        .filter(each -> !OF_THE_CHART.contains(each))
                        .map(Setting::key)
                        .sorted()
                        .toList());
        assertThat(words(schema.at("/properties/webhook/properties/agentVariables/propertyNames/enum")))
                .containsExactlyElementsOf(new TreeSet<>(AgentVariables.ALL));
    }

    private static List<String> words(JsonNode list) {
        List<String> words = new ArrayList<>();
        list.forEach(each -> words.add(each.asText()));
        return words;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "settings: {data.kep: 14d}",
                "settings: {http.port: 80}",
                "webhook: {enabled: true, agentVariables: {DAVY_QUOTA: 1h}}",
                "extraEnv: [{name: DAVY_DATA_KEPT, value: 14d}]",
                "storage: mysql",
                "replica: 2",
                "database: {url: 'postgres://db/davylamp'}"
            })
    void aWrongNameOrValueStopsTheInstallation(String values) {
        assertThatThrownBy(() -> rendered(values)).hasMessageContaining("values don't meet the specifications");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "storage: postgresql | storage postgresql needs database.url",
                "{storage: postgresql, database: {url: 'jdbc:postgresql://d/d'}} | needs database.existingSecret",
                "{storage: postgresql, database: {url: 'jdbc:postgresql://d/d', existingSecret: s}} | needs blobs.url",
                "webhook: {enabled: true, certificate: {mode: existing}} | needs webhook.certificate.existingSecret"
            })
    void whatIsMissingIsSaid(String values, String words) {
        assertThatThrownBy(() -> rendered(values)).hasMessageContaining(words);
    }

    @Test
    void probesAskTheRoutesOfTheServerBelowItsBasePath() throws IOException {
        Container plain = server(objects("{}"));
        Container full = server(objects(EVERYTHING));

        assertThat(path(plain.getLivenessProbe())).isEqualTo("HTTP /healthcheck");
        assertThat(path(plain.getReadinessProbe())).isEqualTo("HTTP /ready");
        assertThat(path(full.getStartupProbe())).isEqualTo("HTTPS /profiles/healthcheck");
        assertThat(path(full.getReadinessProbe())).isEqualTo("HTTPS /profiles/ready");
    }

    private static String path(Probe probe) {
        return probe.getHttpGet().getScheme() + " " + probe.getHttpGet().getPath();
    }

    /** An upgrade must not change what Kubernetes refuses to change: selectors, and the claims of a StatefulSet. */
    @Test
    void whatKubernetesNeverChangesDependsOnNoVersion() throws IOException {
        List<HasMetadata> before = objects("{}");
        Path yaml = chart.resolve("Chart.yaml");
        String text = Files.readString(yaml);
        Files.writeString(yaml, text.replaceAll("([vV]ersion: \"?)0.1.0", "$19.9.9"));
        try {
            List<HasMetadata> after = objects("podLabels: {new: label}");
            StatefulSet old = of(before, StatefulSet.class).get(0);
            StatefulSet upgraded = of(after, StatefulSet.class).get(0);

            assertThat(upgraded.getMetadata().getLabels()).containsEntry("helm.sh/chart", "davylamp-9.9.9");
            assertThat(upgraded.getSpec().getSelector()).isEqualTo(old.getSpec().getSelector());
            assertThat(upgraded.getSpec().getServiceName())
                    .isEqualTo(old.getSpec().getServiceName());
            assertThat(upgraded.getSpec().getVolumeClaimTemplates())
                    .isEqualTo(old.getSpec().getVolumeClaimTemplates());
        } finally {
            Files.writeString(yaml, text);
        }
    }

    @Test
    void noPodWaitsForTheWebhook() throws IOException {
        for (String values : List.of(EVERYTHING, WEBHOOK)) {
            MutatingWebhookConfiguration configuration =
                    of(objects(values), MutatingWebhookConfiguration.class).get(0);

            assertThat(configuration.getWebhooks()).hasSize(2);
            for (MutatingWebhook webhook : configuration.getWebhooks()) {
                assertThat(webhook.getFailurePolicy()).isEqualTo("Ignore");
                assertThat(webhook.getSideEffects()).isEqualTo("None");
                assertThat(webhook.getTimeoutSeconds()).isLessThanOrEqualTo(10);
                assertThat(webhook.getClientConfig().getCaBundle()).isNotEmpty();
                assertThat(webhook.getClientConfig().getService().getPath()).startsWith("/inject");
            }
        }
    }

    /** Options of the pod, certificate and key as Helm makes them: what the webhook is started with. */
    @Test
    void theWebhookTakesTheOptionsAndTheCertificateOfTheChart() throws IOException {
        List<HasMetadata> objects = objects(EVERYTHING);
        Secret secret = of(objects, Secret.class).get(0);
        Path tls = Files.createDirectories(folder.resolve("tls"));
        for (String file : List.of("tls.crt", "tls.key")) {
            Files.write(
                    tls.resolve(file),
                    Base64.getDecoder().decode(secret.getData().get(file)));
        }
        Container container = pods(objects).stream()
                .flatMap(each -> each.getSpec().getContainers().stream())
                .filter(each -> each.getName().equals("webhook"))
                .findFirst()
                .orElseThrow();
        String[] arguments = container.getArgs().stream()
                .map(each -> each.replace("/etc/davylamp-tls", tls.toString()))
                .toArray(String[]::new);

        WebhookMain.Asked asked = WebhookMain.asked(arguments);

        assertThat(container.getCommand()).endsWith(WebhookMain.class.getName());
        assertThat(asked.injection().server()).isEqualTo("davylamp.davylamp.svc:11800");
        assertThat(asked.injection().tokenSecret()).isEqualTo("davylamp-agents");
        assertThat(asked.injection().variables())
                .containsEntry("DAVY_AGENT_QUOTA", "1h")
                .containsEntry("DAVY_AGENT_TLS", "true");
        Webhook.open("127.0.0.1", 0, Path.of(asked.certificate()), Path.of(asked.key()), asked.injection())
                .close();
    }

    @Test
    void certManagerMakesAKeyForTheNamesOfTheService() throws IOException {
        List<JsonNode> made = documents(rendered("webhook: {enabled: true, certificate: {mode: certManager}}")).stream()
                .filter(each -> each.path("apiVersion").asText().equals("cert-manager.io/v1"))
                .toList();

        assertThat(made)
                .extracting(each -> each.path("kind").asText())
                .containsExactlyInAnyOrder("Issuer", "Certificate");
        JsonNode certificate = made.stream()
                .filter(each -> each.path("kind").asText().equals("Certificate"))
                .findFirst()
                .orElseThrow();
        assertThat(words(certificate.at("/spec/dnsNames"))).contains("davylamp-webhook.davylamp.svc");
        assertThat(certificate.at("/spec/secretName").asText()).isEqualTo("davylamp-webhook-tls");
    }

    /** What the manifests are made from; -Dmanifests.update writes them anew. */
    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "postgresql", "webhook"})
    void theManifestsAreWhatTheChartMakes(String name) throws IOException {
        String values = switch (name) {
            case "postgresql" -> POSTGRESQL;
            case "webhook" -> WEBHOOK;
            default -> "{}";
        };
        String made = rendered(values).strip().replaceFirst("^---\n", "");
        if (name.equals("webhook")) {
            made = Stream.of(made.split("(?m)^---\n"))
                    .filter(each -> each.contains("/templates/webhook.yaml"))
                    .reduce((a, b) -> a + "---\n" + b)
                    .orElseThrow()
                    .replace("caBundle: Q0EtQlVORExF", "caBundle: CA_BUNDLE");
        }
        String text = "# Made from the chart in deploy/helm/davylamp; docs/how-to/kubernetes.md says what to change.\n"
                + "---\n"
                + made.replaceAll("(?m)^ *(helm.sh/chart|app.kubernetes.io/managed-by): .*\n", "")
                        .strip()
                + "\n";
        Path file = DEPLOY.resolve("kubernetes/davylamp-" + name + ".yaml");
        if (System.getProperty("manifests.update") != null) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }

        assertThat(file).hasContent(text);
        assertThat(read(text)).isNotEmpty();
    }
}
