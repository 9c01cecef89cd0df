// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

/**
 * Tells which connections of one client begin an image pull. A pull's first request carries no bearer token yet, so it is
 * much smaller than what follows, whether the registry answers 401 (a token is fetched), 200 or 429 (none is):
 *
 * <ul>
 *   <li>dockerd, one request per connection, begins with {@code GET /v2/} (200 to 260 bytes; a HEAD or GET of a manifest
 *       without a token has 520 and more, as its Accept headers alone have 320);
 *   <li>skopeo and podman do the same; containerd begins with HEAD of the manifest (some 320 bytes and the length of the
 *       image's name). They ask more than once at the beginning, so that what follows within {@link #SAME_PULL_NANOS} is
 *       the same pull: of pulls that one such client begins at the same time, one is counted.
 * </ul>
 *
 * <p>A login or a push begins like a pull and is counted as one. One instance for each source and client; one thread; 0 B
 * per call.
 */
final class PullDetector {
    /** Above is a manifest, for a client with one request per connection. */
    static final int MAX_PING = 400;
    /** Above is a request with a bearer token: tokens of Docker Hub have 1.5 kB and more. */
    static final int MAX_WITHOUT_TOKEN = 800;
    /** containerd's second connection and skopeo's second ping come within 0.3 s at a round trip of 50 ms. */
    static final long SAME_PULL_NANOS = 1_000_000_000L;

    private boolean began;
    private long lastBegan;

    /**
     * To be asked once for each watched connection, in order of time.
     *
     * @param registry the server is a registry, not its token server or its blob store
     * @param onePerConnection the client is known to send one request per connection (dockerd ≤ 28)
     * @param firstRequestSize as of {@link RequestEstimator#firstRequestSize}: 0 if unknown or if nothing was asked
     * @param timestampNanos of the request or of the connection
     */
    public boolean begins(boolean registry, boolean onePerConnection, int firstRequestSize, long timestampNanos) {
        if (!registry || firstRequestSize <= 0) {
            return false;
        }
        if (onePerConnection) {
            return firstRequestSize <= MAX_PING;
        }
        if (firstRequestSize > MAX_WITHOUT_TOKEN) {
            return false;
        }
        if (began && timestampNanos - lastBegan < SAME_PULL_NANOS && timestampNanos >= lastBegan) {
            return false;
        }
        began = true;
        lastBegan = timestampNanos;
        return true;
    }
}
