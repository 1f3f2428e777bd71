package io.davylamp.profile.export;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.davylamp.profile.FrameKind;
import io.davylamp.profile.Measure;
import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileBuilder;
import io.davylamp.profile.ProfileInfo;
import io.davylamp.profile.ProfileLimits;
import io.davylamp.profile.Samples;
import io.davylamp.profile.TooLargeException;
import io.davylamp.profile.Unit;
import io.davylamp.profile.UnreadableRecordingException;
import it.unimi.dsi.fastutil.doubles.DoubleArrayList;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * Reads speedscope's own files: sampled and evented profiles. A profile that has the name of a measure is that measure, as we write
 * it; any other is a thread of that name, whose measure follows from its unit. Read twice, first the frames, then the profiles: the
 * frames may come last. Source: speedscope.app/file-format-schema.json. Memory follows from the length of one profile in the file.
 */
final class SpeedscopeImport {
    private static final int MAX_DEPTH = 16_384;
    private static final int MAX_FRAMES = 4_000_000;
    private static final long MAX_TIME_NANOS = Long.MAX_VALUE / 4;
    private static final double MILLION = 1e6;

    /** A name of a megabyte is none; depth is five here. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(50)
                    .maxStringLength(1 << 20)
                    .maxNameLength(10_000)
                    .maxNumberLength(100)
                    .build())
            .build();

    private final ProfileBuilder builder;
    private int[] frames = new int[256];
    private int frameCount;
    private int[] path = new int[64];
    private String name = "";
    private long total;
    private long endNanos;

    // Of the profile that is read.
    private int number;
    private String type;
    private String title;
    private String unit;
    private double startValue;
    private double endValue;
    private IntArrayList stacks;
    private DoubleArrayList weights;
    /** Frames that are opened, and their complements for those that are closed. */
    private IntArrayList events;

    private DoubleArrayList times;

    private SpeedscopeImport(ProfileLimits limits) {
        this.builder = new ProfileBuilder(limits);
    }

    /** Whether a file begins as JSON. */
    static boolean isJson(String start) {
        String text = start.stripLeading();
        if (!text.startsWith("{")) {
            return false;
        }
        String next = text.substring(1).stripLeading();
        return next.isEmpty() || next.startsWith("\"") || next.startsWith("}");
    }

    /** @throws UnreadableRecordingException naming the profile and the part of it that is wrong, or the limit that is passed */
    static Profile read(Openable file, ProfileLimits limits) throws IOException {
        SpeedscopeImport read = new SpeedscopeImport(limits);
        try {
            boolean known;
            try (InputStream in = file.open();
                    JsonParser json = JSON.createParser(TextLines.reader(in))) {
                known = read.shared(json);
            }
            if (!known) {
                throw new UnreadableRecordingException(
                        "it is JSON, but not speedscope's: there is no shared.frames", null);
            }
            try (InputStream in = file.open();
                    JsonParser json = JSON.createParser(TextLines.reader(in))) {
                read.profiles(json);
            }
            return read.builder.build(
                    new ProfileInfo("speedscope", 0, read.endNanos, new TreeMap<>(), new TreeMap<>(), 0, List.of()));
        } catch (TooLargeException e) {
            throw new UnreadableRecordingException("the file has " + e.getMessage(), e);
        } catch (JsonProcessingException e) {
            throw new UnreadableRecordingException(
                    "its JSON is wrong at line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ": " + e.getOriginalMessage(),
                    e);
        }
    }

    /** Goes to the value of the next field of the object the parser is in; null at its end. */
    private static String field(JsonParser json) throws IOException {
        if (json.nextToken() != JsonToken.FIELD_NAME) {
            return null;
        }
        String name = json.currentName();
        json.nextToken();
        return name;
    }

    private static UnreadableRecordingException wrong(JsonParser json, String what) {
        return new UnreadableRecordingException(
                "line " + json.currentTokenLocation().getLineNr() + ", column "
                        + json.currentTokenLocation().getColumnNr() + ": " + what,
                null);
    }

    private static void require(JsonParser json, JsonToken token, String what) throws UnreadableRecordingException {
        if (json.currentToken() != token) {
            throw wrong(json, what);
        }
    }

    private boolean shared(JsonParser json) throws IOException {
        boolean known = false;
        json.nextToken();
        require(json, JsonToken.START_OBJECT, "it is no object");
        for (String top; (top = field(json)) != null; ) {
            if (!top.equals("shared") || json.currentToken() != JsonToken.START_OBJECT) {
                json.skipChildren();
                continue;
            }
            for (String in; (in = field(json)) != null; ) {
                if (in.equals("frames") && json.currentToken() == JsonToken.START_ARRAY) {
                    known = true;
                    while (json.nextToken() != JsonToken.END_ARRAY) {
                        frame(json);
                    }
                } else {
                    json.skipChildren();
                }
            }
        }
        return known;
    }

    private void frame(JsonParser json) throws IOException {
        require(json, JsonToken.START_OBJECT, "a frame is no object");
        String text = "";
        int line = 0;
        for (String field; (field = field(json)) != null; ) {
            if (field.equals("name") && json.currentToken() == JsonToken.VALUE_STRING) {
                text = json.getText();
            } else if (field.equals("line") && json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
                double number = json.getDoubleValue();
                line = number > 0 && number < 1 << 26 ? (int) number : 0;
            } else {
                json.skipChildren();
            }
        }
        if (frameCount == MAX_FRAMES) {
            throw new UnreadableRecordingException("it has more than " + MAX_FRAMES + " frames", null);
        }
        if (frameCount == frames.length) {
            frames = Arrays.copyOf(frames, frameCount * 2);
        }
        frames[frameCount++] = FrameText.frame(builder, text, line, FrameKind.UNKNOWN);
    }

    private void profiles(JsonParser json) throws IOException {
        json.nextToken();
        for (String top; (top = field(json)) != null; ) {
            if (top.equals("profiles") && json.currentToken() == JsonToken.START_ARRAY) {
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    number++;
                    profile(json);
                }
            } else {
                json.skipChildren();
            }
        }
    }

    private UnreadableRecordingException wrong(String what) {
        return new UnreadableRecordingException("profile " + number + name + " " + what, null);
    }

    private void profile(JsonParser json) throws IOException {
        require(json, JsonToken.START_OBJECT, "profile " + number + " is no object");
        type = "";
        title = "";
        unit = "none";
        name = "";
        startValue = 0;
        endValue = Double.NaN;
        stacks = new IntArrayList();
        weights = new DoubleArrayList();
        events = new IntArrayList();
        times = new DoubleArrayList();
        for (String field; (field = field(json)) != null; ) {
            switch (field) {
                case "type" -> type = json.getText();
                case "name" -> {
                    title = json.getText();
                    name = " (" + TextLines.shortened(title) + ")";
                }
                case "unit" -> unit = json.getText();
                case "startValue" -> startValue = number(json, "startValue");
                case "endValue" -> endValue = number(json, "endValue");
                case "samples" -> samples(json);
                case "weights" -> {
                    require(json, JsonToken.START_ARRAY, "weights are no list");
                    while (json.nextToken() != JsonToken.END_ARRAY) {
                        weights.add(number(json, "a weight"));
                    }
                }
                case "events" -> events(json);
                default -> json.skipChildren();
            }
        }
        Measure measure = measure();
        Samples into = builder.samples(measure);
        int thread = builder.thread(isMeasure() ? "" : title, 0, 0, false);
        switch (type) {
            case "sampled" -> addSamples(into, measure.unit(), thread);
            case "evented" -> addEvents(into, measure.unit(), thread);
            default -> throw wrong("is of type \"" + TextLines.shortened(type) + "\"; known are sampled and evented");
        }
    }

    private static double number(JsonParser json, String what) throws IOException {
        if (!json.currentToken().isNumeric()) {
            throw wrong(json, what + " is no number");
        }
        double value = json.getDoubleValue();
        if (!Double.isFinite(value)) {
            throw wrong(json, what + " is beyond all numbers");
        }
        return value;
    }

    private int frameOf(JsonParser json) throws IOException {
        double index = number(json, "a frame's number");
        if (!(index >= 0 && index < frameCount && index == Math.floor(index))) {
            throw wrong(json, "there is no frame " + json.getText() + "; there are " + frameCount);
        }
        return (int) index;
    }

    private void samples(JsonParser json) throws IOException {
        require(json, JsonToken.START_ARRAY, "samples are no list");
        while (json.nextToken() != JsonToken.END_ARRAY) {
            require(json, JsonToken.START_ARRAY, "a sample is no list of frames");
            int depth = 0;
            while (json.nextToken() != JsonToken.END_ARRAY) {
                if (depth == MAX_DEPTH) {
                    throw wrong(json, "a sample has more than " + MAX_DEPTH + " frames");
                }
                if (depth == path.length) {
                    path = Arrays.copyOf(path, depth * 2);
                }
                path[depth++] = frames[frameOf(json)];
            }
            // Outermost first in the file, innermost first for the builder.
            for (int i = 0, j = depth - 1; i < j; i++, j--) {
                int frame = path[i];
                path[i] = path[j];
                path[j] = frame;
            }
            stacks.add(depth == 0 ? 0 : builder.stack(path, depth));
        }
    }

    private void events(JsonParser json) throws IOException {
        require(json, JsonToken.START_ARRAY, "events are no list");
        while (json.nextToken() != JsonToken.END_ARRAY) {
            require(json, JsonToken.START_OBJECT, "an event is no object");
            String what = "";
            int frame = -1;
            double at = Double.NaN;
            for (String field; (field = field(json)) != null; ) {
                switch (field) {
                    case "type" -> what = json.getText();
                    case "frame" -> frame = frameOf(json);
                    case "at" -> at = number(json, "an event's time");
                    default -> json.skipChildren();
                }
            }
            boolean opens = what.equals("O");
            if (!opens && !what.equals("C") || frame < 0 || Double.isNaN(at)) {
                throw wrong(json, "an event needs a type O or C, a frame, and a time at");
            }
            events.add(opens ? frame : ~frame);
            times.add(at);
        }
    }

    private boolean isMeasure() {
        return Measure.isKnown(title) || title.equals("samples");
    }

    private boolean hasDecimals() {
        return weights.doubleStream().anyMatch(weight -> weight != Math.rint(weight))
                || times.doubleStream().anyMatch(time -> time != Math.rint(time));
    }

    private Measure measure() {
        Unit own = ForeignUnit.of(unit).unit();
        if (unit.equals("none")) {
            own = hasDecimals() ? Unit.MILLIONTHS_OF_EVENTS : Measure.isKnown(title) ? Unit.SAMPLES : own;
        }
        if (isMeasure()) {
            return new Measure(title, own);
        }
        return new Measure(
                switch (own) {
                    case NANOSECONDS -> "time";
                    case BYTES -> "bytes";
                    default -> "samples";
                },
                own);
    }

    private double factor(Unit own) {
        return own == Unit.MILLIONTHS_OF_EVENTS && !unit.equals("millionths of events")
                ? MILLION
                : ForeignUnit.of(unit).factor();
    }

    private void addSamples(Samples into, Unit own, int thread) throws UnreadableRecordingException {
        if (!weights.isEmpty() && weights.size() != stacks.size()) {
            throw wrong("has " + stacks.size() + " samples and " + weights.size() + " weights");
        }
        double factor = factor(own);
        double at = 0;
        for (int i = 0; i < stacks.size(); i++) {
            double weight = weights.isEmpty() ? 1 : weights.getDouble(i);
            if (weight < 0) {
                throw wrong("has the negative weight " + weight + " at sample " + (i + 1));
            }
            add(
                    into,
                    stacks.getInt(i),
                    thread,
                    own == Unit.NANOSECONDS ? at : -1,
                    weight * factor,
                    "sample " + (i + 1));
            at += weight * factor;
        }
    }

    private void addEvents(Samples into, Unit own, int thread) throws UnreadableRecordingException {
        double factor = factor(own);
        boolean isTime = own == Unit.NANOSECONDS;
        IntArrayList open = new IntArrayList();
        IntArrayList nodes = new IntArrayList();
        nodes.add(0);
        double before = times.isEmpty() ? startValue : times.getDouble(0);
        for (int i = 0; i <= events.size(); i++) {
            double time = i < events.size() ? times.getDouble(i) : Double.isNaN(endValue) ? before : endValue;
            String place = i < events.size() ? "event " + (i + 1) : "its end";
            if (time < before) {
                throw wrong("goes back in time at " + place);
            }
            int node = nodes.getInt(nodes.size() - 1);
            add(
                    into,
                    node,
                    thread,
                    isTime ? Math.max(0, (before - startValue) * factor) : -1,
                    (time - before) * factor,
                    place);
            before = time;
            if (i == events.size()) {
                return;
            }
            int event = events.getInt(i);
            if (event >= 0) {
                if (open.size() == MAX_DEPTH) {
                    throw wrong("has more than " + MAX_DEPTH + " frames open at " + place);
                }
                open.add(event);
                nodes.add(builder.child(node, frames[event]));
            } else if (open.isEmpty() || open.getInt(open.size() - 1) != ~event) {
                throw wrong("closes frame " + ~event + " at " + place + ", which is not the innermost open one");
            } else {
                open.removeInt(open.size() - 1);
                nodes.removeInt(nodes.size() - 1);
            }
        }
    }

    /** @param at nanoseconds since the start; negative when there is no time */
    private void add(Samples into, int stack, int thread, double at, double value, String place)
            throws UnreadableRecordingException {
        // Node 0 stands for no frame at all: idle.
        if (stack == 0 || value == 0) {
            return;
        }
        double rounded = Math.rint(value);
        if (!(rounded < Long.MAX_VALUE - (double) total)) {
            throw wrong("has more than a number of 63 bits holds up to " + place);
        }
        total += (long) rounded;
        long time = at < MAX_TIME_NANOS ? (long) Math.max(0, at) : 0;
        if (at >= 0) {
            endNanos = Math.max(endNanos, time + Math.min(MAX_TIME_NANOS, (long) rounded));
        }
        builder.add(into, time, stack, thread, (byte) 0, (long) rounded);
    }
}
