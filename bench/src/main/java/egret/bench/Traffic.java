// SPDX-License-Identifier: Apache-2.0
package egret.bench;

import java.io.IOException;
import java.util.function.LongPredicate;

/** Many connections side by side, in bursts of one to six packets, until the capture is long enough. */
final class Traffic {
    private static final int OPEN = 3_000;

    /** 2026-09-21T14:13:20Z. */
    private static final long START_MICROS = 1_790_000_000_000_000L;

    private final Draw draw;
    private final Network network;
    private final Truth truth;
    private final byte[] query = new byte[300];

    Traffic(long seed) {
        draw = new Draw(seed);
        network = new Network(draw);
        truth = new Truth(network);
    }

    /** Writes exactly {@code packets} packets and returns what they hold; leaves the file open. */
    Truth write(CaptureFile file, Profile profile, long packets) throws IOException {
        Frames frames = new Frames(file, draw, START_MICROS);
        Hello hello = new Hello(draw);
        Connection[] connections = new Connection[OPEN];
        for (int i = 0; i < OPEN; i++) {
            connections[i] = new Connection(profile, draw, network, truth, hello, frames);
        }
        while (frames.packets() < packets) {
            if (draw.below(1_000) == 0) {
                lookUp(frames);
            }
            Connection connection = connections[draw.below(OPEN)];
            int burst = 1 + draw.below(6);
            while (burst > 0 && frames.packets() < packets && connection.advance()) {
                burst--;
            }
        }
        return truth;
    }

    /**
     * Begins connections as long as the pace allows and brings them all to their end.
     *
     * @param open how many are under way at once
     * @param pace asked with the connections begun so far; may wait; false for no more
     */
    Truth flow(Wire wire, Profile profile, int open, LongPredicate pace) throws IOException {
        Frames frames = new Frames(wire, draw, START_MICROS);
        Hello hello = new Hello(draw);
        Connection[] connections = new Connection[open];
        for (int i = 0; i < open; i++) {
            connections[i] = new Connection(profile, draw, network, truth, hello, frames);
        }
        while (pace.test(truth.connections())) {
            Connection connection = connections[draw.below(open)];
            int burst = 1 + draw.below(6);
            while (burst > 0 && connection.advance()) {
                burst--;
            }
        }
        for (Connection connection : connections) {
            while (connection.begun() && connection.advance()) {}
        }
        return truth;
    }

    private void lookUp(Frames frames) throws IOException {
        Bytes.put16(query, 0, draw.below(65_536));
        Bytes.put16(query, 2, 0x0100);
        Bytes.put16(query, 4, 1);
        Bytes.put32(query, 6, 0);
        Bytes.put16(query, 10, 0);
        int end = network.putLabels(query, 12, draw.below(Network.NAMES));
        Bytes.put32(query, end, 0x0001_0001);
        frames.dnsQuery(network.drawHost(), query, end + 4);
        truth.query();
    }
}
