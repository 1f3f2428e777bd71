package io.davylamp.agent.run;

import io.davylamp.agent.host.JdkAccess;
import java.io.File;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;

/**
 * A JVM whose recordings stop while others want the recorder's lock. The JVM's end takes that before it deletes the recorder's
 * files, so whoever gets it after a recording has stopped must find that recording's file whole. The recorder itself lets its lock
 * go between the two, for so short a time that only a few of a hundred recordings are met there.
 */
public final class RecordsAtItsEnd {
    private static final int RIVALS = 2;

    private RecordsAtItsEnd() {}

    /** Makes so many recordings in {@code file}, and prints how many were not whole when the JVM's end might have come. */
    public static void main(String[] arguments) throws Exception {
        File repository = new File(arguments[0]);
        File file = new File(arguments[1]);
        int recordings = Integer.parseInt(arguments[2]);
        FlightRecorder.configure(new JdkAccess(null), repository, 64);
        Class<?> access = Class.forName("jdk.jfr.internal.PrivateAccess");
        Object lock = access.getMethod("getPlatformRecorder")
                .invoke(access.getMethod("getInstance").invoke(null));
        ExecutorService rivals = Executors.newFixedThreadPool(RIVALS);
        int cut = 0;
        for (int i = 0; i < recordings; i++) {
            FlightRecorder.Recording recording =
                    new FlightRecorder.Recording("davylamp", Map.of("jdk.CPULoad#enabled", "true"), file, 600);
            recording.start();
            Recording seen =
                    jdk.jfr.FlightRecorder.getFlightRecorder().getRecordings().get(0);
            List<Future<Long>> lengths = new ArrayList<>();
            for (int rival = 0; rival < RIVALS; rival++) {
                lengths.add(rivals.submit(lengthOnceStopped(seen, file, lock)));
            }
            recording.stop();
            boolean whole = true;
            for (Future<Long> length : lengths) {
                whole &= length.get() == file.length();
            }
            cut += whole ? 0 : 1;
            Files.delete(file.toPath());
        }
        System.out.println(cut + " of " + recordings + " were not whole");
        System.exit(0);
    }

    private static Callable<Long> lengthOnceStopped(Recording recording, File file, Object lock) {
        return () -> {
            while (true) {
                synchronized (lock) {
                    if (recording.getState() != RecordingState.RUNNING) {
                        return file.length();
                    }
                }
            }
        };
    }
}
