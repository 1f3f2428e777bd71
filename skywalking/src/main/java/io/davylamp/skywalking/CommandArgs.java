package io.davylamp.skywalking;

import io.davylamp.core.dispatch.Offers;
import io.davylamp.core.task.ProfilerEvent;
import io.davylamp.core.task.Task;
import io.davylamp.core.task.TaskSpec;
import io.davylamp.core.task.TaskSpecText;
import io.davylamp.wire.skywalking.v3.Command;
import io.davylamp.wire.skywalking.v3.Commands;
import io.davylamp.wire.skywalking.v3.KeyStringValuePair;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** A task as a command of SkyWalking's, and its text of options as ours. */
final class CommandArgs {
    private static final String COMMAND = "AsyncProfilerTaskQuery";

    private CommandArgs() {}

    /**
     * The command that runs an assignment. Its serial number is the assignment's id, so that an agent that gets it twice runs it
     * once.
     */
    static Commands commands(Optional<Offers.Offer> offer) {
        if (offer.isEmpty()) {
            return Commands.getDefaultInstance();
        }
        TaskSpec spec = offer.get().spec();
        return Commands.newBuilder()
                .addCommands(Command.newBuilder()
                        .setCommand(COMMAND)
                        .addArgs(arg("SerialNumber", offer.get().assignment().id()))
                        .addArgs(arg("TaskId", offer.get().assignment().taskId()))
                        .addArgs(arg("Duration", Long.toString(spec.duration().toSeconds())))
                        .addArgs(arg("ExecArgs", TaskSpecText.of(spec)))
                        .addArgs(arg(
                                "CreateTime",
                                Long.toString(offer.get().assignment().createdMillis()))))
                .build();
    }

    private static KeyStringValuePair arg(String key, String value) {
        return KeyStringValuePair.newBuilder().setKey(key).setValue(value).build();
    }

    /** {@code interval=1ms,live} as options by their words; what they mean is checked by {@link TaskSpec}. */
    static SortedMap<String, String> options(String text) {
        SortedMap<String, String> options = new TreeMap<>();
        for (String option : text == null ? new String[0] : text.split(",")) {
            if (!option.isBlank()) {
                int equals = option.indexOf('=');
                options.put(
                        (equals < 0 ? option : option.substring(0, equals)).strip(),
                        equals < 0 ? "" : option.substring(equals + 1).strip());
            }
        }
        return options;
    }

    /**
     * Options as text: as they were asked for, or, of a task that came another way, in our words; null for none. Where {@link
     * #events} had to say another word for an event, the true one stands here.
     */
    static String optionsText(Task task) {
        TaskSpec spec = task.spec();
        if (spec.optionsText() != null) {
            return spec.optionsText();
        }
        List<String> options = new ArrayList<>();
        for (ProfilerEvent event : spec.events()) {
            if (isCounter(event)) {
                options.add("event=" + event.word());
            } else if (event == ProfilerEvent.LIVE) {
                options.add(event.word());
            }
        }
        for (Map.Entry<String, String> option : spec.options().entrySet()) {
            options.add(option.getValue().isEmpty() ? option.getKey() : option.getKey() + "=" + option.getValue());
        }
        return options.isEmpty() ? null : String.join(",", options);
    }

    private static boolean isCounter(ProfilerEvent event) {
        return event.isEngine()
                && !Set.of(ProfilerEvent.CPU, ProfilerEvent.CTIMER, ProfilerEvent.ITIMER)
                        .contains(event);
    }

    /**
     * SkyWalking's words for events, by which its page knows what there is to analyse: a counter's samples are found where those
     * of the processor are, live objects are allocations. Those that it has no analysis for are left out.
     */
    static List<String> events(TaskSpec spec) {
        Set<String> words = new LinkedHashSet<>();
        for (ProfilerEvent event : spec.events()) {
            switch (event) {
                case WALL, LOCK, ALLOC, CPU, CTIMER, ITIMER -> words.add(event.name());
                case LIVE -> words.add(ProfilerEvent.ALLOC.name());
                case NATIVEMEM, NATIVELOCK, TRACE -> {}
                default -> words.add(ProfilerEvent.CPU.name());
            }
        }
        return List.copyOf(words);
    }
}
