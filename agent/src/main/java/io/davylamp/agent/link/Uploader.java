package io.davylamp.agent.link;

import com.google.protobuf.ByteString;
import io.davylamp.agent.host.AgentConfig;
import io.davylamp.agent.host.AgentLog;
import io.davylamp.agent.host.Quietly;
import io.davylamp.agent.keep.Outbox;
import io.davylamp.agent.keep.Sha256;
import io.davylamp.wire.v1.AgentServiceGrpc;
import io.davylamp.wire.v1.Begin;
import io.davylamp.wire.v1.DeliverReply;
import io.davylamp.wire.v1.DeliverRequest;
import io.davylamp.wire.v1.End;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Sends one recording over {@code davylamp.v1}, from where the server's copy ends, piece by piece and only as fast as the
 * connection and the {@link Pace} take it, so that the file is never in the host's memory. Tells once how it ended. Not
 * thread-safe: all happens on the agent's one thread.
 */
final class Uploader implements ClientResponseObserver<DeliverRequest, DeliverReply> {
    private static final int PIECE_BYTES = 64 << 10;
    /** Number of bytes that are read and hashed again before the thread does other work. */
    private static final int SKIP_BYTES = 4 << 20;

    private static final long DEADLINE_MINUTES = 30;

    private final Outbox.Waiting recording;
    private final InputStream in;
    private final ScheduledThreadPoolExecutor main;
    private final AgentLog log;
    private final Line.Outcome outcome;
    private final Pace pace;
    private final MessageDigest sha256 = Sha256.start();
    private final byte[] buffer = new byte[PIECE_BYTES];
    private ClientCallStreamObserver<DeliverRequest> out;
    private boolean proceed;
    private boolean waiting;
    private long skip;
    private boolean sent;
    private boolean ended;

    private Uploader(
            Outbox.Waiting recording,
            InputStream in,
            Pace pace,
            ScheduledThreadPoolExecutor main,
            AgentLog log,
            Line.Outcome outcome) {
        this.recording = recording;
        this.in = in;
        this.pace = pace;
        this.main = main;
        this.log = log;
        this.outcome = outcome;
    }

    static void upload(
            AgentServiceGrpc.AgentServiceStub stub,
            AgentConfig config,
            Outbox.Waiting recording,
            ScheduledThreadPoolExecutor main,
            AgentLog log,
            Line.Outcome outcome)
            throws IOException {
        Uploader uploader = new Uploader(
                recording,
                new FileInputStream(recording.file),
                new Pace(config.uploadBytesPerSecond),
                main,
                log,
                outcome);
        stub.withDeadlineAfter(DEADLINE_MINUTES, TimeUnit.MINUTES).deliver(uploader);
        uploader.out.onNext(DeliverRequest.newBuilder()
                .setBegin(Begin.newBuilder()
                        .setService(config.service)
                        .setInstance(recording.instance)
                        .setAssignmentId(recording.assignment)
                        .setSizeBytes(recording.file.length()))
                .build());
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<DeliverRequest> stream) {
        out = stream;
        stream.setOnReadyHandler(this::pump);
    }

    private void pump() {
        if (!proceed || waiting || sent || ended) {
            return;
        }
        try {
            for (long skipped = 0; skip > 0; ) {
                int n = in.read(buffer, 0, (int) Math.min(buffer.length, skip));
                if (n < 0) {
                    throw new IOException("it is shorter than what the server has of it");
                }
                sha256.update(buffer, 0, n);
                skip -= n;
                skipped += n;
                if (skipped >= SKIP_BYTES) {
                    pumpAfter(1);
                    return;
                }
            }
            while (out.isReady()) {
                int n = in.read(buffer);
                if (n < 0) {
                    sent = true;
                    out.onNext(DeliverRequest.newBuilder()
                            .setEnd(End.newBuilder().setSha256(ByteString.copyFrom(sha256.digest())))
                            .build());
                    out.onCompleted();
                    return;
                }
                sha256.update(buffer, 0, n);
                out.onNext(DeliverRequest.newBuilder()
                        .setContent(ByteString.copyFrom(buffer, 0, n))
                        .build());
                long wait = pace.took(n);
                if (wait > 0) {
                    pumpAfter(wait);
                    return;
                }
            }
        } catch (Throwable e) {
            out.cancel("cannot read " + recording.file, e);
            end(() -> outcome.later("cannot read " + recording.file + ": " + e));
        }
    }

    private void pumpAfter(long millis) {
        waiting = true;
        main.schedule(
                Quietly.task(log, "upload", () -> {
                    waiting = false;
                    pump();
                }),
                millis,
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void onNext(DeliverReply reply) {
        switch (reply.getMessageCase()) {
            case PROCEED:
                proceed = true;
                skip = Math.max(0, reply.getProceed().getOffset());
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
        end(() -> outcome.later("the server ended the upload early"));
    }

    private void end(Runnable tell) {
        if (!ended) {
            ended = true;
            Quietly.run(log, "close", in::close);
            tell.run();
        }
    }
}
