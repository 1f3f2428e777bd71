package io.davylamp.stockagent;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The agent's messages, field by field as the protocol numbers them. */
final class Wire {
    private Wire() {}

    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    private static byte[] message(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            fields.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** AsyncProfilerTaskCommandQuery, and ProfileTaskCommandQuery, which is the same. */
    static byte[] poll(String service, String instance, long lastCommandTime) {
        return message(out -> {
            out.writeString(1, service);
            out.writeString(2, instance);
            out.writeInt64(3, lastCommandTime);
        });
    }

    /** InstancePingPkg. */
    static byte[] ping(String service, String instance) {
        return message(out -> {
            out.writeString(1, service);
            out.writeString(2, instance);
        });
    }

    /** InstanceProperties. */
    static byte[] properties(String service, String instance, List<Map.Entry<String, String>> properties) {
        return message(out -> {
            out.writeString(1, service);
            out.writeString(2, instance);
            for (Map.Entry<String, String> property : properties) {
                out.writeByteArray(3, pair(property.getKey(), property.getValue()));
            }
        });
    }

    private static byte[] pair(String key, String value) {
        return message(out -> {
            out.writeString(1, key);
            out.writeString(2, value);
        });
    }

    /** JVMMetricCollection with one metric: time, processor, heap, threads. */
    static byte[] jvmMetrics(String service, String instance, long nowMillis) {
        byte[] cpu = message(out -> out.writeDouble(2, 12.5));
        byte[] heap = message(out -> {
            out.writeBool(1, true);
            out.writeInt64(2, 256 << 20);
            out.writeInt64(3, 1L << 30);
            out.writeInt64(4, 100 << 20);
            out.writeInt64(5, 512 << 20);
        });
        byte[] threads = message(out -> {
            out.writeInt64(1, 42);
            out.writeInt64(2, 40);
        });
        byte[] metric = message(out -> {
            out.writeInt64(1, nowMillis);
            out.writeByteArray(2, cpu);
            out.writeByteArray(3, heap);
            out.writeByteArray(6, threads);
        });
        return message(out -> {
            out.writeByteArray(1, metric);
            out.writeString(2, service);
            out.writeString(3, instance);
        });
    }

    /** MeterData: a histogram or value that nobody reads here, and who sends it. */
    static byte[] meter(String service, String instance, long nowMillis) {
        byte[] single = message(out -> {
            out.writeString(1, "instance_jvm_something");
            out.writeDouble(3, 1.5);
        });
        return message(out -> {
            out.writeByteArray(1, single);
            out.writeString(3, service);
            out.writeString(4, instance);
            out.writeInt64(5, nowMillis);
        });
    }

    /** ConfigurationSyncRequest. */
    static byte[] configuration(String service) {
        return message(out -> out.writeString(1, service));
    }

    /** SegmentObject with a span's worth of bytes. */
    static byte[] segment(String service, String instance, String traceId) {
        byte[] span = message(out -> {
            out.writeInt32(2, -1);
            out.writeString(6, "GET:/checkout");
        });
        return message(out -> {
            out.writeString(1, traceId);
            out.writeString(2, traceId + ".1");
            out.writeByteArray(3, span);
            out.writeString(4, service);
            out.writeString(5, instance);
        });
    }

    /** Event. */
    static byte[] event(String uuid, String service, String instance, String name, long startMillis) {
        byte[] source = message(out -> {
            out.writeString(1, service);
            out.writeString(2, instance);
        });
        return message(out -> {
            out.writeString(1, uuid);
            out.writeByteArray(2, source);
            out.writeString(3, name);
            out.writeInt64(7, startMillis);
            out.writeString(9, "GENERAL");
        });
    }

    /** AsyncProfilerData with metadata; {@code error} null for none. */
    static byte[] metadata(String service, String instance, String taskId, int type, int contentSize, String error) {
        byte[] meta = message(out -> {
            out.writeString(1, service);
            out.writeString(2, instance);
            out.writeString(3, taskId);
            if (type != 0) {
                out.writeEnum(4, type);
            }
            out.writeInt32(5, contentSize);
        });
        return message(out -> {
            out.writeByteArray(1, meta);
            if (error != null) {
                out.writeString(2, error);
            }
        });
    }

    /** AsyncProfilerData with a piece of the file. */
    static byte[] content(byte[] file, int from, int length) {
        return message(out -> out.writeByteArray(3, file, from, length));
    }

    /** The type in an AsyncProfilerCollectionResponse. */
    static int collectionType(byte[] response) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(response);
        int type = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == 1) {
                type = in.readEnum();
            } else {
                in.skipField(tag);
            }
        }
        return type;
    }

    /** A command's name and arguments. */
    record Command(String name, Map<String, String> args) {}

    static List<Command> commands(byte[] bytes) throws IOException {
        List<Command> commands = new ArrayList<>();
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == 1) {
                commands.add(command(in.readByteArray()));
            } else {
                in.skipField(tag);
            }
        }
        return commands;
    }

    private static Command command(byte[] bytes) throws IOException {
        String name = "";
        Map<String, String> args = new LinkedHashMap<>();
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> name = in.readStringRequireUtf8();
                case 2 -> {
                    String[] pair = readPair(in.readByteArray());
                    args.put(pair[0], pair[1]);
                }
                default -> in.skipField(tag);
            }
        }
        return new Command(name, args);
    }

    private static String[] readPair(byte[] bytes) throws IOException {
        String[] pair = {"", ""};
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            int field = WireFormat.getTagFieldNumber(tag);
            if (field == 1 || field == 2) {
                pair[field - 1] = in.readStringRequireUtf8();
            } else {
                in.skipField(tag);
            }
        }
        return pair;
    }
}
