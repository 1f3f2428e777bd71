package io.davylamp.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Describes the command for help, completion and man pages; the launcher runs it, in a JVM with the server's libraries. */
@Command(
        name = "webhook",
        description = {
            "Run the webhook that brings the agent into the pods of a Kubernetes cluster.",
            "",
            "Pods with the label or annotation davylamp.io/inject: \"true\" get the agent when they are created"
                    + " (docs/how-to/kubernetes.md). `davy webhook certificate FOLDER HOST...` makes a certificate for"
                    + " it.",
        },
        mixinStandardHelpOptions = true)
final class WebhookCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "certificate",
            arity = "0..*",
            description = "certificate FOLDER HOST...: writes tls.crt and tls.key for these host names")
    List<String> words;

    @Option(names = "--image", paramLabel = "IMAGE", description = "image with the agent's jar")
    String image;

    @Option(
            names = "--server",
            paramLabel = "HOST:PORT",
            description = "the server's agent port, as the agents reach it")
    String server;

    @Option(
            names = "--certificate",
            paramLabel = "FILE",
            description = "certificate chain (PEM), read again when changed")
    String certificate;

    @Option(names = "--key", paramLabel = "FILE", description = "the certificate's key (PEM, PKCS#8)")
    String key;

    @Option(
            names = "--token-secret",
            paramLabel = "NAME",
            description = "Secret of the pod whose key token is the token")
    String tokenSecret;

    @Option(
            names = "--ca-configmap",
            paramLabel = "NAME",
            description = "ConfigMap of the pod whose key ca.crt has the authorities of the server's certificate")
    String authorities;

    @Option(
            names = "--variable",
            paramLabel = "NAME=VALUE",
            description = "variable of the agent (docs/reference/agent.md); may be repeated")
    List<String> variables;

    @Option(
            names = "--copy",
            paramLabel = "COMMAND",
            description = "program and arguments of the image that copy the jar; default: the image's own")
    String copy;

    @Option(names = "--host", paramLabel = "ADDRESS", description = "address to listen on; default: 0.0.0.0")
    String host;

    @Option(names = "--port", paramLabel = "PORT", description = "port to listen on; default: 8443")
    String port;

    @Override
    public Integer call() {
        throw new CommandException(ExitCode.FAILED, "only the launcher can run the webhook: run bin/davy webhook");
    }
}
