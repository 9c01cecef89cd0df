// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.jspecify.annotations.Nullable;

/** Tries sock_diag with sockets of our own: the kernel answers "no such socket" as well when it lacks the module. */
final class DiagProbe {
    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final long IPV4_LOOPBACK = 0xffff_7f00_0001L;

    private DiagProbe() {}

    /** Null if TCP and UDP sockets are found. */
    static @Nullable String fault(DiagSocket diag) throws IOException {
        InetAddress loopback = InetAddress.getByAddress(LOOPBACK);
        SocketEvent own = new SocketEvent();
        own.sourceLow = IPV4_LOOPBACK;
        own.destinationLow = IPV4_LOOPBACK;
        own.destinationPort = 9;
        try (ServerSocket tcp = new ServerSocket(0, 1, loopback);
                DatagramSocket udp = new DatagramSocket(new InetSocketAddress(loopback, 0))) {
            own.sourcePort = tcp.getLocalPort();
            if (!diag.findListening(own) || diag.found.inode == 0) {
                return "The kernel does not tell of TCP sockets: \"modprobe tcp_diag\" may help.";
            }
            own.udp = true;
            own.sourcePort = udp.getLocalPort();
            if (!diag.find(own) || diag.found.inode == 0) {
                return "The kernel does not tell of UDP sockets: \"modprobe udp_diag\" may help.";
            }
        }
        return null;
    }
}
