package io.davylamp.skywalking;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * A call read whole into memory. What agents say of themselves is small; large calls are taken too, but only a few at a time, so
 * that a crowd of them cannot fill the heap. One call's parts come from one thread at a time.
 */
final class WholeCall implements Subscriber<HttpObject>, AutoCloseable {
    private static final int SMALL_BYTES = 256 << 10;
    private static final int LARGE_CALLS = 8;

    /** Places for large calls, for all of them together. */
    static Semaphore places() {
        return new Semaphore(LARGE_CALLS);
    }

    /** The call cannot be taken; the message says why. */
    static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    private final int maxBytes;
    private final Semaphore places;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
    private Subscription subscription;
    private boolean hasPlace;

    private WholeCall(int maxBytes, Semaphore places) {
        this.maxBytes = maxBytes;
        this.places = places;
    }

    /** Begins to read; to be closed when its bytes are not needed any more. */
    static WholeCall read(HttpRequest request, int maxBytes, Semaphore places) {
        WholeCall call = new WholeCall(maxBytes, places);
        request.subscribe(call);
        return call;
    }

    /** All bytes, or {@link RefusedException}, or what broke the call. */
    CompletableFuture<byte[]> whole() {
        return whole;
    }

    @Override
    public void onSubscribe(Subscription given) {
        subscription = given;
        given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(HttpObject part) {
        if (!(part instanceof HttpData data) || whole.isDone()) {
            return;
        }
        if (bytes.size() + data.length() > maxBytes) {
            refuse("the call has more than the " + maxBytes + " bytes that are allowed");
        } else if (bytes.size() + data.length() > SMALL_BYTES && !hasPlace && !places.tryAcquire()) {
            refuse("there are " + LARGE_CALLS + " large calls at this moment already");
        } else {
            hasPlace |= bytes.size() + data.length() > SMALL_BYTES;
            bytes.writeBytes(data.array());
        }
    }

    private void refuse(String reason) {
        whole.completeExceptionally(new RefusedException(reason));
        subscription.cancel();
    }

    @Override
    public void onError(Throwable e) {
        whole.completeExceptionally(e);
    }

    @Override
    public void onComplete() {
        whole.complete(bytes.toByteArray());
    }

    @Override
    public void close() {
        if (hasPlace) {
            hasPlace = false;
            places.release();
        }
    }
}
