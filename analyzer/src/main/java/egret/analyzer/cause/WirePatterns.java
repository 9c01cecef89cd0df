// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.cause;

import egret.analyzer.answer.Answer.Source;
import java.util.Map;

/**
 * What the wire alone looks like: how many tokens, blobs and requests a pull of one client has. dockerd makes {@code GET
 * /v2/}, one token and HEAD of the manifest for an image that is up to date; one more GET if it is refused; no token at all
 * where the first answer is 429. Only a guess: other causes can look the same.
 */
public final class WirePatterns {
    private static final long MANY = 30; // pulls, below which ratios say little
    private static final double FEW_TOKENS = 0.6;
    private static final double MANY_TOKENS = 1.8;
    private static final double LEAST_ASKED = 1.7; // less is a login or a pull by digest
    private static final double UP_TO_DATE = 2.5;
    private static final double WITH_BLOBS = 1.5;
    private static final double REFUSED = 3.6; // between 3 and 4 requests a pull, nearer to 4
    private static final double AT_MOST = 4.4; // more is a lookup at a deploy (6), or a pull with blobs
    static final double NEARLY_ALL = 0.9;
    private static final double SEVERAL_TRIES = 4;
    private static final double ONE_EACH = 1.1; // requests of a connection
    private static final double HARDLY_ANY = 0.1;
    private static final long AGAIN_NANOS = 10_000_000_000L; // what ends sooner may have been asked for once

    private WirePatterns() {}

    /** @param client label of what asks, "" if it is not known; of nearly all connections of the source */
    public static Pattern of(Source source, String client) {
        long pulls = source.pulls();
        long asked = source.requests().count();
        if (client.startsWith("Java") && asked >= MANY) {
            return Pattern.PROXY;
        }
        if (share(source, "index.docker.io") >= NEARLY_ALL && source.cadence() != null) {
            return Pattern.POLLER;
        }
        long blobs = connections(source, "production.") + connections(source, "docker-images-prod.");
        boolean fetches = blobs >= HARDLY_ANY * source.connections(); // and is not refused
        boolean several = asked >= MANY && asked >= SEVERAL_TRIES * source.connections();
        if (client.startsWith("containerd") && several && !fetches) {
            return Pattern.CONTAINERD_429;
        }
        if (pulls < MANY) {
            return Pattern.NONE;
        }
        long tokens = connections(source, "auth.");
        boolean oneEach = asked <= ONE_EACH * source.connections(); // else one connection may carry several pulls
        if (client.startsWith("docker") && oneEach && tokens >= MANY_TOKENS * pulls && isTokenEach(source, tokens)) {
            return Pattern.CLOCK_SKEW;
        }
        if (blobs >= WITH_BLOBS * pulls) {
            return Pattern.COLD_PULLS;
        }
        boolean again = source.lastNanos() - source.firstNanos() >= AGAIN_NANOS;
        if (!client.startsWith("docker") || !again) {
            return Pattern.NONE;
        }
        double requests = (double) asked / pulls;
        if (tokens < FEW_TOKENS * pulls) {
            return requests < LEAST_ASKED ? Pattern.NONE : Pattern.FEEDBACK;
        }
        if (requests < UP_TO_DATE || requests > AT_MOST) {
            return Pattern.NONE;
        }
        return requests < REFUSED ? Pattern.UNPINNED : Pattern.REFUSED;
    }

    /** A token for each request to the registry but the first of each pull, which has none. */
    private static boolean isTokenEach(Source source, long tokens) {
        long registry = connections(source, "registry-1.") + connections(source, "index.");
        return tokens >= NEARLY_ALL * (registry - source.pulls());
    }

    /** To server names that begin so. */
    private static long connections(Source source, String begin) {
        long sum = 0;
        for (Map.Entry<String, Long> name : source.serverNames().entrySet()) {
            sum += name.getKey().startsWith(begin) ? name.getValue() : 0;
        }
        return sum;
    }

    private static double share(Source source, String name) {
        return source.connections() == 0 ? 0 : (double) connections(source, name) / source.connections();
    }
}
