package io.davylamp.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "trust",
        description = "Allow profiling of an instance again after JVMs of its service died while they were profiled.",
        mixinStandardHelpOptions = true)
final class TrustCommand implements Callable<Integer> {
    @Mixin
    private Shared shared;

    @Parameters(index = "0", paramLabel = "SERVICE")
    private String service;

    @Parameters(index = "1", paramLabel = "INSTANCE")
    private String instance;

    @Override
    public Integer call() {
        shared.rest()
                .post(
                        "/api/v1/services/" + RestClient.encode(service) + "/instances/" + RestClient.encode(instance)
                                + "/trust",
                        Map.of());
        if (shared.json) {
            shared.printJson(Map.of("service", service, "instance", instance, "told", true));
        } else {
            System.out.println(instance + " of " + service + " is told; `davy instances " + service
                    + "` shows whether it can be profiled");
        }
        return ExitCode.OK;
    }
}
