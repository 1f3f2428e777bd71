package io.davylamp.agent;

import com.google.protobuf.ByteString;
import io.davylamp.wire.v1.AgentServiceGrpc;
import io.davylamp.wire.v1.Begin;
import io.davylamp.wire.v1.DeliverReply;
import io.davylamp.wire.v1.DeliverRequest;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.concurrent.TimeUnit;

/**
 * Sends one recording, piece by piece and only as fast as the connection takes it, so that the file is never in the host's
 * memory. Calls back once.
 */
final class Uploader implements ClientResponseObserver<DeliverRequest, DeliverReply> {
    private static final int PIECE_BYTES = 64 << 10;
    private static final long DEADLINE_MINUTES = 30;

    /** How an upload ended. */
    interface Outcome {
        /** The server has it: the file may go. */
        void stored();

        /** The server will never take it: the file may go. */
        void refused(String reason);

        /** Not now: the file stays. */
        void later(String reason);
    }

    private final File file;
    private final AgentConfig config;
    private final String assignment;
    private final Outcome outcome;
    private InputStream in;
    private ClientCallStreamObserver<DeliverRequest> out;
    private boolean proceed;
    private boolean sent;
    private boolean ended;

    private Uploader(File file, AgentConfig config, String assignment, Outcome outcome) {
        this.file = file;
        this.config = config;
        this.assignment = assignment;
        this.outcome = outcome;
    }

    static void upload(
            AgentServiceGrpc.AgentServiceStub stub, AgentConfig config, String assignment, File file, Outcome outcome)
            throws Exception {
        Uploader uploader = new Uploader(file, config, assignment, outcome);
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        long bytes = 0;
        try (InputStream all = new FileInputStream(file)) {
            byte[] buffer = new byte[PIECE_BYTES];
            for (int n; (n = all.read(buffer)) > 0; ) {
                sha256.update(buffer, 0, n);
                bytes += n;
            }
        }
        Begin begin = Begin.newBuilder()
                .setService(config.service)
                .setInstance(config.instance)
                .setAssignmentId(assignment)
                .setSizeBytes(bytes)
                .setSha256(ByteString.copyFrom(sha256.digest()))
                .build();
        uploader.in = new FileInputStream(file);
        stub.withDeadlineAfter(DEADLINE_MINUTES, TimeUnit.MINUTES).deliver(uploader);
        uploader.out.onNext(DeliverRequest.newBuilder().setBegin(begin).build());
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<DeliverRequest> stream) {
        out = stream;
        stream.setOnReadyHandler(this::pump);
    }

    private synchronized void pump() {
        if (!proceed || sent || ended) {
            return;
        }
        try {
            byte[] buffer = new byte[PIECE_BYTES];
            while (out.isReady()) {
                int n = in.read(buffer);
                if (n < 0) {
                    sent = true;
                    out.onCompleted();
                    return;
                }
                out.onNext(DeliverRequest.newBuilder()
                        .setContent(ByteString.copyFrom(buffer, 0, n))
                        .build());
            }
        } catch (Throwable e) {
            out.cancel("cannot read " + file, e);
            end(() -> outcome.later("cannot read " + file + ": " + e));
        }
    }

    @Override
    public void onNext(DeliverReply reply) {
        switch (reply.getMessageCase()) {
            case PROCEED:
                synchronized (this) {
                    proceed = true;
                }
                pump();
                break;
            case STORED:
                end(outcome::stored);
                break;
            case REFUSED:
                String reason = reply.getRefused().getReason();
                boolean keep = reply.getRefused().getKeep();
                end(() -> {
                    if (keep) {
                        outcome.later(reason);
                    } else {
                        outcome.refused(reason);
                    }
                });
                break;
            default:
                break;
        }
    }

    @Override
    public void onError(Throwable e) {
        end(() -> outcome.later(String.valueOf(e.getMessage())));
    }

    @Override
    public void onCompleted() {
        end(() -> outcome.later("the server ended the upload of " + assignment + " of " + config.instance + " early"));
    }

    private synchronized void end(Runnable tell) {
        if (!ended) {
            ended = true;
            try {
                in.close();
            } catch (IOException e) {
                // Nothing to lose: it was only read.
            }
            tell.run();
        }
    }
}
