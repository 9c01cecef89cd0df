// SPDX-License-Identifier: Apache-2.0
package egret.capture.nat;

/** One direction of a tracked connection: a mutable view. Addresses are in two longs as in {@link egret.rules.IpAddress}. */
final class Tuple {
    static final int TCP = 6;
    static final int UDP = 17;
    private static final long IPV4 = 0x0000_ffff_0000_0000L;
    private static final int PORTS_MASK = 0xffff;

    int protocol;
    long sourceHigh;
    long sourceLow;
    int sourcePort;
    long destinationHigh;
    long destinationLow;
    int destinationPort;

    static long ipv4(int address) {
        return IPV4 | (address & 0xffff_ffffL);
    }

    static boolean isIpv4(long high, long low) {
        return high == 0 && (low & 0xffff_ffff_0000_0000L) == IPV4;
    }

    boolean ipv4() {
        return isIpv4(sourceHigh, sourceLow) && isIpv4(destinationHigh, destinationLow);
    }

    void set(
            int newProtocol,
            long newSourceHigh,
            long newSourceLow,
            int newSourcePort,
            long newDestinationHigh,
            long newDestinationLow,
            int newDestinationPort) {
        protocol = newProtocol;
        sourceHigh = newSourceHigh;
        sourceLow = newSourceLow;
        sourcePort = newSourcePort;
        destinationHigh = newDestinationHigh;
        destinationLow = newDestinationLow;
        destinationPort = newDestinationPort;
    }

    /** Ports and protocol in one word, never 0 for TCP and UDP. */
    long ports() {
        return ports(protocol, sourcePort, destinationPort);
    }

    static long ports(int protocol, int sourcePort, int destinationPort) {
        return (long) (sourcePort & PORTS_MASK) << 32 | (long) (destinationPort & PORTS_MASK) << 16 | (protocol & 0xff);
    }

    boolean equalTo(Tuple other) {
        return ports() == other.ports()
                && sourceHigh == other.sourceHigh
                && sourceLow == other.sourceLow
                && destinationHigh == other.destinationHigh
                && destinationLow == other.destinationLow;
    }
}
