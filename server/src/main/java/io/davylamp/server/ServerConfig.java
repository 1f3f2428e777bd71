package io.davylamp.server;

import io.davylamp.core.query.QueryLimits;
import io.davylamp.core.recording.UploadLimits;
import io.davylamp.core.task.TaskLimits;
import io.davylamp.server.settings.Setting;
import io.davylamp.server.settings.Settings;
import java.nio.file.Path;

/** What the server is assembled from. */
record ServerConfig(
        String agentHost,
        int agentPort,
        String httpHost,
        int httpPort,
        Path dataFolder,
        TaskLimits taskLimits,
        UploadLimits uploadLimits,
        int indexThreads,
        QueryLimits queryLimits) {

    static ServerConfig of(Settings settings) {
        return new ServerConfig(
                settings.text(Setting.AGENT_HOST),
                settings.number(Setting.AGENT_PORT),
                settings.text(Setting.HTTP_HOST),
                settings.number(Setting.HTTP_PORT),
                Path.of(settings.text(Setting.DATA_FOLDER)),
                new TaskLimits(
                        TaskLimits.DEFAULT.minDuration(),
                        settings.duration(Setting.TASK_MAX_DURATION),
                        settings.number(Setting.TASK_MAX_INSTANCES),
                        TaskLimits.DEFAULT.options(),
                        settings.duration(Setting.TASK_GRACE)),
                new UploadLimits(
                        settings.sizeBytes(Setting.UPLOAD_MAX_SIZE),
                        settings.sizeBytes(Setting.DATA_MIN_FREE),
                        settings.number(Setting.UPLOAD_PARALLEL)),
                settings.number(Setting.INDEX_THREADS),
                new QueryLimits(
                        settings.number(Setting.QUERY_MAX_NODES),
                        QueryLimits.DEFAULT.rows(),
                        settings.sizeBytes(Setting.QUERY_CACHE_SIZE)));
    }
}
