// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

/** What stands before the IP header on an interface: from Linux' ARPHRD_ (linux/if_arp.h) to libpcap's LINKTYPE_. */
final class LinkTypes {
    static final int ETHERNET = 1;

    /** No link header: IP comes first. */
    static final int RAW = 101;

    /** ARPHRD_LOOPBACK, whose frames look like Ethernet. */
    static final int LOOPBACK_HARDWARE = 772;

    private static final int ETHERNET_HARDWARE = 1;

    private LinkTypes() {}

    /**
     * {@link #RAW} also for headers that differ from driver to driver (PPP, tunnels, InfiniBand): there the kernel says where
     * IP begins.
     */
    static int of(int hardwareType) {
        return switch (hardwareType) {
            case ETHERNET_HARDWARE, LOOPBACK_HARDWARE -> ETHERNET;
            case 801 -> 105; // 802.11
            case 802 -> 119; // with a Prism header
            case 803 -> 127; // with a radiotap header
            default -> RAW;
        };
    }

    /** For people. */
    static String name(int hardwareType) {
        return switch (hardwareType) {
            case -1 -> "unknown";
            case ETHERNET_HARDWARE -> "Ethernet";
            case LOOPBACK_HARDWARE -> "loopback";
            case 32 -> "InfiniBand";
            case 512 -> "PPP";
            case 768, 769, 776, 778, 823 -> "IP tunnel";
            case 801, 802, 803 -> "802.11";
            case 519, 0xfffe -> "raw IP";
            case 824 -> "netlink";
            default -> "type " + hardwareType;
        };
    }
}
