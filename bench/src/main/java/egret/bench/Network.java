// SPDX-License-Identifier: Apache-2.0
package egret.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** The hosts inside, the names outside and the addresses of both; private and documentation addresses only. */
final class Network {
    static final int HOSTS = 6_000;
    static final int NAMES = 3_000;

    /** The watched one, at index 0. */
    static final String DOCKER = "registry-1.docker.io";

    private static final int BUSY_HOSTS = HOSTS / 50;
    private static final int FIRST_PORT = 32_768;
    private static final int PORTS = 28_000;

    /** 198.51.100.0/24. */
    private static final int SHARED_NET = 0xc633_6400;

    /** 203.0.113.0/24. */
    private static final int OTHER_NET = 0xcb00_7100;

    private static final String[] DOMAINS = {"example.com", "example.net", "example.org"};

    private final String[] names = new String[NAMES];
    private final int[] nextPort = new int[2 * HOSTS];
    private final Draw draw;

    Network(Draw draw) {
        this.draw = draw;
        names[0] = DOCKER;
        for (int i = 1; i < NAMES; i++) {
            names[i] = (i % 2 == 0 ? "cdn-edge" : "api") + draw.below(100) + ".team" + i + "." + DOMAINS[i % 3];
        }
        for (int i = 0; i < nextPort.length; i++) {
            nextPort[i] = draw.below(PORTS);
        }
    }

    String name(int index) {
        return names[index];
    }

    /** Returns a host; a quarter of the traffic is of one host in fifty. */
    int drawHost() {
        return draw.percent(25) ? draw.below(BUSY_HOSTS) : draw.below(HOSTS);
    }

    /** Returns the next ephemeral port of a host, so that no two open connections share a tuple. */
    int port(int host, boolean ipv6) {
        int counter = ipv6 ? HOSTS + host : host;
        nextPort[counter] = (nextPort[counter] + 1) % PORTS;
        return FIRST_PORT + nextPort[counter];
    }

    static int clientIpv4(int host) {
        return 0x0a14_0000 + host / 250 * 256 + host % 250 + 1;
    }

    static String clientIpv4Text(int host) {
        return "10.20." + host / 250 + "." + (host % 250 + 1);
    }

    static String clientIpv6Text(int host) {
        return "2001:db8:1::" + Integer.toHexString(host + 1);
    }

    /** Docker Hub has three addresses of 198.51.100.0/24, the other names share the rest and 203.0.113.0/24. */
    static int serverIpv4(int name, int choice) {
        if (name == 0) {
            return SHARED_NET + 10 + choice % 3;
        }
        int index = name % 484;
        return index < 242 ? SHARED_NET + 13 + index : OTHER_NET + 1 + index - 242;
    }

    /** Writes 2001:db8:1::host+1. */
    static void putClientIpv6(byte[] to, int at, int host) {
        Bytes.put64(to, at, 0x2001_0db8_0001_0000L);
        Bytes.put64(to, at + 8, host + 1);
    }

    /** Writes 2001:db8:ffff::name+1. */
    static void putServerIpv6(byte[] to, int at, int name) {
        Bytes.put64(to, at, 0x2001_0db8_ffff_0000L);
        Bytes.put64(to, at + 8, name + 1);
    }

    /** Writes a name as DNS labels (RFC 1035 section 3.1) and returns the position behind it. */
    int putLabels(byte[] to, int at, int name) {
        int end = at;
        for (String label : names[name].split("\\.", -1)) {
            byte[] bytes = label.getBytes(US_ASCII);
            to[end] = (byte) bytes.length;
            System.arraycopy(bytes, 0, to, end + 1, bytes.length);
            end += 1 + bytes.length;
        }
        to[end] = 0;
        return end + 1;
    }
}
