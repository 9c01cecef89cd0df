// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.cause;

import egret.capture.count.SourceCounts.Row;
import egret.rules.IpAddress;

/** What one client of one source asks a watched endpoint for: its pulls with their times, and its requests by second. */
final class Stream {
    /** So many seconds of requests are kept, as are needed to tell how many requests a pull has. */
    static final int SECONDS = 1024;

    private static final String DOCKER_SUITES = "_cafd58515627_"; // the list of go-connections: docker up to 28

    final IpAddress source;
    final String endpoint;
    final String ja4;
    final int supportedVersions;
    private final Times pulls;
    private final Times tokens;
    private final int[] requestsAt = new int[SECONDS];
    private long lastSecond = Long.MIN_VALUE;
    private long pullCount;
    long requests;
    long connections;
    long tokenConnections;
    private long registryConnections;

    Stream(Row row, Times.Room room) {
        pulls = new Times(room);
        tokens = new Times(room);
        source = row.source();
        endpoint = row.endpoint();
        ja4 = row.ja4();
        supportedVersions = row.clientTraits().supportedVersions();
    }

    void add(long startSecond, Row row) {
        pullCount += row.pulls();
        requests += row.requests().count();
        connections += row.connections();
        if (isRegistry(row)) {
            registryConnections += row.connections();
        }
        if (isToken(row)) {
            tokenConnections += row.connections();
            times(startSecond, row.arrivalMillis(), tokens);
        }
        times(startSecond, row.pullMillis(), pulls);
        at(startSecond, (int) Math.min(Integer.MAX_VALUE, row.requests().count()));
    }

    /** Looks like dockerd up to 28, by its cipher suites and versions. */
    boolean isDocker() {
        return ja4.contains(DOCKER_SUITES) && supportedVersions == 2;
    }

    /** To a registry's token server, by its usual name. */
    static boolean isToken(Row row) {
        return row.serverName().startsWith("auth.");
    }

    private static boolean isRegistry(Row row) {
        return row.serverName().startsWith("registry-1.") || row.serverName().startsWith("index.");
    }

    private static void times(long startSecond, int[] offsets, Times to) {
        for (int millis : offsets) {
            to.add(startSecond * 1000 + millis);
        }
    }

    /** Where a capture holds too little of each packet to tell how a pull begins, the token that each needs stands for it. */
    Times pulls() {
        return byTokens() ? tokens : pulls;
    }

    long pullsBegun() {
        return byTokens() ? tokenConnections : pullCount;
    }

    /** Unless each request has a token of its own, as when the clock is ahead: then the tokens are more than the pulls. */
    private boolean byTokens() {
        boolean each = pullCount > 0 && tokenConnections >= WirePatterns.NEARLY_ALL * (registryConnections - pullCount);
        return tokenConnections > 2 * pullCount && !each;
    }

    private void at(long second, int more) {
        if (lastSecond == Long.MIN_VALUE) {
            lastSecond = second;
        }
        if (second <= lastSecond - SECONDS) {
            return;
        }
        for (int i = 0; lastSecond < second; i++) {
            if (i == SECONDS) {
                lastSecond = second;
                break;
            }
            lastSecond++;
            requestsAt[index(lastSecond)] = 0;
        }
        requestsAt[index(second)] += more;
    }

    private static int index(long second) {
        return (int) Math.floorMod(second, (long) SECONDS);
    }

    int requestsAt(long second) {
        return isKept(second) ? requestsAt[index(second)] : 0;
    }

    private boolean isKept(long second) {
        return second <= lastSecond && second > lastSecond - SECONDS;
    }
}
