package io.davylamp.core.instance;

/**
 * The limits of how an agent may describe its instance.
 *
 * @param nameCharacters length of a service's or an instance's name
 * @param properties number of properties kept
 * @param propertyCharacters length of one property's value; longer ones are cut
 * @param instancesPerService instances of one service; further ones are refused
 * @param instances instances of all services; likewise
 */
public record InstanceLimits(
        int nameCharacters, int properties, int propertyCharacters, int instancesPerService, int instances) {
    public static final InstanceLimits DEFAULT = new InstanceLimits(200, 64, 4_000, 20_000, 100_000);
}
