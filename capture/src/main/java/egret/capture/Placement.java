// SPDX-License-Identifier: Apache-2.0
package egret.capture;

import egret.capture.count.Vantage;
import egret.capture.nat.Conntrack;
import egret.capture.nat.HostNetwork;
import egret.capture.nat.VantageGuess;
import egret.capture.socket.SocketSources;
import java.io.IOException;
import java.util.List;

/**
 * Where the packets are seen, and what of this machine's network has to do with it.
 *
 * @param hidden why sources cannot be told apart here and what to do, in words; "" if they can
 */
record Placement(HostNetwork network, Conntrack conntrack, Vantage vantage, String hidden) {
    /**
     * Who starts a program, and in some ways who holds a socket, is read from /proc and from the kernel while it lasts: a
     * block that is older than this may be about a process that has gone.
     */
    private static final int OWN_WAIT_MILLIS = 10;

    /** Nothing goes away while others' packets wait, and a wake-up costs as much as some dozens of packets. */
    private static final int OTHERS_WAIT_MILLIS = 50;

    /** Opens connection tracking, in the network namespace of the calling thread. */
    static Placement find(LiveSetup setup) throws IOException {
        HostNetwork network = HostNetwork.read();
        boolean mirror = setup.vantage() == Vantage.MIRROR;
        Conntrack conntrack = mirror ? Conntrack.off("a mirror shows what others translate") : Conntrack.open();
        VantageGuess guess = guess(setup.capture().interfaces(), network, conntrack);
        Vantage told = setup.vantage();
        return told != null
                ? new Placement(network, conntrack, told, "")
                : new Placement(
                        network, conntrack, vantage(guess.place()), guess.sourcesVisible() ? "" : guess.words());
    }

    private static VantageGuess guess(List<String> interfaces, HostNetwork network, Conntrack conntrack) {
        VantageGuess best = VantageGuess.of(interfaces.get(0), network, conntrack, 0, 0);
        for (String name : interfaces) {
            VantageGuess guess = VantageGuess.of(name, network, conntrack, 0, 0);
            // Who sees both sides of a NAT sees the inside.
            if (guess.place() == VantageGuess.Place.INSIDE || guess.place() == VantageGuess.Place.BOTH) {
                best = guess;
                break;
            }
        }
        return best;
    }

    private static Vantage vantage(VantageGuess.Place place) {
        return switch (place) {
            case HOST -> Vantage.HOST;
            case INSIDE, BOTH -> Vantage.NAT_INSIDE;
            case OUTSIDE -> Vantage.NAT_OUTSIDE;
            case MIRROR -> Vantage.MIRROR;
        };
    }

    /** How long packets may wait before they are looked at. */
    int waitMillis(SocketSources sockets) {
        return vantage == Vantage.HOST || sockets.asks() ? OWN_WAIT_MILLIS : OTHERS_WAIT_MILLIS;
    }
}
