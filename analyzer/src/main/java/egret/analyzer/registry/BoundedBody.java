// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.registry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** The body of an answer, which fails as soon as it is longer than it may be. */
final class BoundedBody implements BodySubscriber<byte[]> {
    static final int LONGEST = 64 << 10;
    static final String TOO_LONG = "answered with more than 64 KiB";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;

    @Override
    public CompletionStage<byte[]> getBody() {
        return whole;
    }

    @Override
    public void onSubscribe(Flow.Subscription begun) {
        subscription = begun;
        begun.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> more) {
        for (ByteBuffer each : more) {
            if (bytes.size() + each.remaining() > LONGEST) {
                if (subscription != null) {
                    subscription.cancel();
                }
                whole.completeExceptionally(new IOException(TOO_LONG));
                return;
            }
            byte[] part = new byte[each.remaining()];
            each.get(part);
            bytes.writeBytes(part);
        }
    }

    @Override
    public void onError(Throwable e) {
        whole.completeExceptionally(e);
    }

    @Override
    public void onComplete() {
        whole.complete(bytes.toByteArray());
    }
}
