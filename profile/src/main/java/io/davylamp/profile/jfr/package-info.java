/** From recordings to profiles: the only place that knows what {@code jdk.ExecutionSample} or {@code profiler.Malloc} is. */
package io.davylamp.profile.jfr;
