package io.davylamp.server.rest;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.sse.ServerSentEvent;
import com.linecorp.armeria.common.stream.StreamMessage;
import com.linecorp.armeria.common.stream.StreamWriter;
import com.linecorp.armeria.server.streaming.ServerSentEvents;
import io.davylamp.core.access.Principal;
import io.davylamp.core.dispatch.WatchedTasks;
import io.davylamp.core.task.Task;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The changes of one task as server-sent events: {@code task} with the whole task, at once and after each change, but no more
 * often than people can see; ends when the task is over. {@code deleted} when it was deleted.
 */
final class TaskStream {
    private static final Logger log = LoggerFactory.getLogger(TaskStream.class);
    private static final long PERIOD_MILLIS = 200;
    private static final int PERIODS_PER_COMMENT = 75;

    private final String taskId;
    private final WatchedTasks.Watch watch;
    private final Function<Task, Object> json;
    private final StreamWriter<ServerSentEvent> out = StreamMessage.streaming();
    private int periods;

    private TaskStream(String taskId, WatchedTasks.Watch watch, Function<Task, Object> json) {
        this.taskId = taskId;
        this.watch = watch;
        this.json = json;
    }

    /** @param who asked each time, so that the stream ends when the caller may no longer look */
    static HttpResponse of(
            Supplier<Principal> who,
            String taskId,
            WatchedTasks watched,
            Function<Task, Object> json,
            ScheduledExecutorService scheduler) {
        TaskStream stream = new TaskStream(taskId, watched.watch(who, taskId), json);
        ScheduledFuture<?> period =
                scheduler.scheduleWithFixedDelay(stream::period, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        stream.out.whenComplete().handle((done, error) -> {
            stream.watch.close();
            period.cancel(false);
            return null;
        });
        return ServerSentEvents.fromPublisher(stream.out);
    }

    private void period() {
        try {
            if (watch.hasChanged()) {
                Optional<Task> task = watch.task();
                if (task.isEmpty()) {
                    out.write(ServerSentEvent.builder()
                            .event("deleted")
                            .data("{}")
                            .build());
                    out.close();
                    return;
                }
                out.write(ServerSentEvent.builder()
                        .event("task")
                        .data(new String(Json.bytes(json.apply(task.get())), StandardCharsets.UTF_8))
                        .build());
                if (!task.get().isLive()) {
                    out.close();
                }
            } else if (++periods % PERIODS_PER_COMMENT == 0) {
                // Keeps proxies from closing a quiet connection.
                out.write(ServerSentEvent.ofComment("still here"));
            }
        } catch (Throwable e) { // one that got out would leave the viewer with a stream that never changes
            if (out.isOpen()) {
                out.close(e);
                log.warn("the changes of task {} end early", taskId, e);
            }
        }
    }
}
