package io.davylamp.server.agent;

import io.davylamp.core.Seldom;
import io.davylamp.core.access.Principal;
import io.davylamp.core.intake.Ingest;
import io.davylamp.core.store.StoreException;
import io.davylamp.wire.v1.Begin;
import io.davylamp.wire.v1.DeliverReply;
import io.davylamp.wire.v1.DeliverRequest;
import io.davylamp.wire.v1.Proceed;
import io.davylamp.wire.v1.Refused;
import io.davylamp.wire.v1.Stored;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One recording on its way in; the next piece is asked for when the last is written. */
final class Delivery implements StreamObserver<DeliverRequest> {
    private static final Logger log = LoggerFactory.getLogger(Delivery.class);

    private final Principal who;
    private final Ingest ingest;
    private final Seldom seldom;
    private final ServerCallStreamObserver<DeliverReply> out;
    private Ingest.Upload upload;
    private byte[] sha256 = new byte[0];
    private boolean ended;

    Delivery(Principal who, Ingest ingest, Seldom seldom, ServerCallStreamObserver<DeliverReply> out) {
        this.who = who;
        this.ingest = ingest;
        this.seldom = seldom;
        this.out = out;
        out.disableAutoRequest();
        out.setOnCancelHandler(() -> interrupt("the connection was lost"));
        out.request(1);
    }

    @Override
    public void onNext(DeliverRequest request) {
        try {
            if (ended) {
                return;
            }
            if (request.hasBegin() && upload == null) {
                begin(request.getBegin());
            } else if (upload != null && request.hasEnd()) {
                sha256 = request.getEnd().getSha256().toByteArray();
                out.request(1);
            } else if (upload != null && request.getMessageCase() == DeliverRequest.MessageCase.CONTENT) {
                upload.write(request.getContent().asReadOnlyByteBuffer())
                        .ifPresentOrElse(this::refuse, () -> out.request(1));
            } else {
                interrupt("Begin and content came in the wrong order");
                ended = true;
                out.onError(Status.INVALID_ARGUMENT
                        .withDescription("the first message must be Begin, all others content")
                        .asRuntimeException());
            }
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    private void failed(RuntimeException e) {
        boolean known = e instanceof StoreException;
        String reason = known ? e.getMessage() : "the server failed; its log says why";
        if (!known) {
            seldom.log("upload", more -> log.error("an upload failed{}", more, e));
        }
        interrupt(reason);
        refuse(new Ingest.Refused(reason, true));
    }

    private void begin(Begin begin) {
        answer(ingest.open(
                who, begin.getService(), begin.getInstance(), begin.getAssignmentId(), begin.getSizeBytes(), true));
    }

    private synchronized void answer(Ingest.Answer answer) {
        if (answer instanceof Ingest.Admitted admitted) {
            upload = admitted.upload();
            upload.onDisplaced(this::refuse);
            out.onNext(DeliverReply.newBuilder()
                    .setProceed(Proceed.newBuilder().setOffset(upload.receivedBytes()))
                    .build());
            out.request(1);
        } else if (answer instanceof Ingest.Stored) {
            ended = true;
            out.onNext(DeliverReply.newBuilder()
                    .setStored(Stored.getDefaultInstance())
                    .build());
            out.onCompleted();
        } else if (answer instanceof Ingest.Refused refused) {
            refuse(refused);
        }
    }

    /** Comes from another thread when the upload is too slow. */
    private synchronized void refuse(Ingest.Refused refused) {
        if (!ended && !out.isCancelled()) {
            ended = true;
            out.onNext(DeliverReply.newBuilder()
                    .setRefused(Refused.newBuilder().setReason(refused.reason()).setKeep(refused.keep()))
                    .build());
            out.onCompleted();
        }
    }

    private void interrupt(String reason) {
        if (upload != null) {
            upload.interrupt(reason);
        }
    }

    @Override
    public void onError(Throwable e) {
        interrupt("the connection was lost");
    }

    @Override
    public void onCompleted() {
        if (ended) {
            return;
        }
        if (upload == null) {
            refuse(new Ingest.Refused("nothing was sent", true));
            return;
        }
        if (sha256.length == 0) {
            interrupt("it has no End");
            refuse(new Ingest.Refused("the last message must be End with the recording's hash", true));
            return;
        }
        try {
            answer(upload.commit(sha256));
        } catch (RuntimeException e) {
            failed(e);
        }
    }
}
