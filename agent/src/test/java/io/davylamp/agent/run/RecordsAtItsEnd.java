package io.davylamp.agent.run;

import io.davylamp.agent.host.JdkAccess;
import java.io.File;
import java.util.Map;
import jdk.jfr.Event;
import jdk.jfr.Name;

/** A JVM that ends while the recorder copies a recording to its file. */
public final class RecordsAtItsEnd {
    static final String EVENT = "davylamp.Filler";

    private RecordsAtItsEnd() {}

    @Name(EVENT)
    static final class Filler extends Event {
        String text;
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Records {@code events} of one kind to {@code file}, with the recorder's own files in {@code repository}. */
    public static void main(String[] arguments) throws Exception {
        File repository = new File(arguments[0]);
        File file = new File(arguments[1]);
        int events = Integer.parseInt(arguments[2]);
        FlightRecorder.configure(new JdkAccess(null), repository, 64);
        FlightRecorder.Recording recording =
                new FlightRecorder.Recording("davylamp", Map.of(EVENT + "#enabled", "true"), file, 600);
        recording.start();
        for (int i = 0; i < events; i++) {
            Filler filler = new Filler();
            filler.text = i + "x".repeat(300);
            filler.commit();
        }
        Thread ending = new Thread(() -> {
            try {
                recording.stop();
                System.out.println("whole");
            } catch (Exception e) {
                System.out.println(e);
            }
        });
        Runtime.getRuntime().addShutdownHook(new Thread(() -> join(ending)));
        ending.start();
        while (file.length() == 0) {
            Thread.onSpinWait();
        }
        System.exit(0);
    }
}
