// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import egret.capture.linux.Libc;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;

/** Attempts to connect from sources that do not exist. */
final class SynFlood {
    private SynFlood() {}

    /** From random addresses and ports to a port of the server, past the inside of the NAT. */
    static void send(NatSite site, int packets, long seed) throws Exception {
        int fd = site.frames("client", "c0");
        ByteBuffer syn = syn(site);
        Random random = new Random(seed);
        for (int i = 0; i < packets; i++) {
            syn.putInt(26, 0x0a4e0000 | random.nextInt(1 << 16)).putShort(34, (short) random.nextInt(1 << 16));
            syn.putInt(38, random.nextInt());
            checksums(syn);
            Libc.send(fd, syn, syn.capacity(), 0);
        }
        Libc.close(fd);
    }

    /** Ethernet, IPv4 and TCP without options. */
    private static ByteBuffer syn(NatSite site) throws Exception {
        ByteBuffer frame = ByteBuffer.allocateDirect(54);
        int at = 0;
        // To a station that is not there: seen by who captures, and by no stack, whose own tables would be what fills.
        for (String mac : List.of("02:00:00:00:00:01", site.hardware("client", "c0"))) {
            for (String part : mac.split(":")) {
                frame.put(at++, (byte) Integer.parseInt(part, 16));
            }
        }
        frame.putShort(12, (short) 0x0800).putShort(14, (short) 0x4500).putShort(16, (short) 40);
        frame.put(22, (byte) 64).put(23, (byte) 6).putInt(30, 0xcb007150);
        return frame.putShort(36, (short) TlsClients.PORT)
                .put(46, (byte) 0x50)
                .put(47, (byte) 2)
                .putShort(48, (short) 0x7fff);
    }

    private static void checksums(ByteBuffer frame) {
        frame.putShort(24, (short) 0).putShort(50, (short) 0);
        frame.putShort(24, folded(sum(frame, 14, 34)));
        frame.putShort(50, folded(sum(frame, 26, 54) + 6 + 20));
    }

    private static long sum(ByteBuffer frame, int from, int to) {
        long sum = 0;
        for (int at = from; at < to; at += 2) {
            sum += frame.getShort(at) & 0xffff;
        }
        return sum;
    }

    private static short folded(long sum) {
        long once = (sum & 0xffff) + (sum >>> 16);
        return (short) ~((once & 0xffff) + (once >>> 16));
    }
}
