// SPDX-License-Identifier: Apache-2.0
package egret.bench;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends connections on an interface, each another, at a rate: {@code send INTERFACE PROFILE CONNECTIONS_PER_SECOND SECONDS};
 * rate 0 for as fast as one core makes them. Or SYNs of random sources to Docker Hub: {@code send INTERFACE flood
 * PACKETS_PER_SECOND SECONDS}. All connections are brought to their end. Prints what went as one line of JSON.
 */
public final class Send {
    private static final long SECOND = 1_000_000_000L;
    private static final long NAP_NANOS = 500_000L;

    /** Connections side by side when the rate is low, in seconds of it. */
    private static final int OPEN_MOST = 3_000;

    private final PacketSocket wire;
    private final long rate;
    private final long start = System.nanoTime();
    private final long end;

    private Send(PacketSocket wire, long rate, double seconds) {
        this.wire = wire;
        this.rate = rate;
        end = start + (long) (seconds * SECOND);
    }

    /** Waits until another is due; false when the time is over. */
    private boolean due(long done) {
        while (true) {
            long now = System.nanoTime();
            if (now - end >= 0) {
                return false;
            }
            if (rate == 0 || done <= (now - start) / 1000 * rate / 1_000_000L) {
                return true;
            }
            wire.flush();
            LockSupport.parkNanos(NAP_NANOS);
        }
    }

    private void flood(Draw draw) {
        byte[] frame = new byte[60];
        Bytes.put64(frame, 0, 0x0200_a000_0001_0200L);
        Bytes.put32(frame, 8, 1);
        Bytes.put16(frame, 12, 0x0800);
        Bytes.put32(frame, 14, 0x4500_0028);
        Bytes.put32(frame, 22, 0x4006_0000);
        Bytes.put32(frame, 30, Network.serverIpv4(0, 0));
        Bytes.put16(frame, 36, 443);
        Bytes.put16(frame, 46, 0x5000 | Frames.SYN);
        while (due(wire.packets())) {
            for (int i = 0; i < PacketSocket.BATCH; i++) {
                Bytes.put32(frame, 26, (int) draw.bits());
                Bytes.put16(frame, 34, 1_024 + draw.below(64_000));
                Bytes.put32(frame, 38, (int) draw.bits());
                wire.write(0, frame, frame.length);
            }
        }
    }

    /** Exits with 2 if the arguments are wrong. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 4) {
            System.err.println("usage: send INTERFACE full|small|story|flood RATE SECONDS");
            System.exit(2);
        }
        long rate = Long.parseLong(arguments[2]);
        try (PacketSocket wire = new PacketSocket(arguments[0])) {
            Send send = new Send(wire, rate, Double.parseDouble(arguments[3]));
            if (arguments[1].equals("flood")) {
                send.flood(new Draw(7));
                System.out.printf(Locale.ROOT, "{\"packets\": %d}%n", wire.packets());
            } else {
                Profile profile = Profile.valueOf(arguments[1].toUpperCase(Locale.ROOT));
                int open = (int) (rate == 0 ? OPEN_MOST : Math.min(OPEN_MOST, Math.max(1, rate)));
                Truth truth = new Traffic(5).flow(wire, profile, open, send::due);
                wire.flush();
                System.out.println(truth.toJson(wire).replace("\n", ""));
            }
        }
    }
}
