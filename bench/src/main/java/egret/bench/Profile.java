// SPDX-License-Identifier: Apache-2.0
package egret.bench;

/** What connections carry; the two ends of what an egress link sees. */
enum Profile {
    /** Downloads and uploads: 938 bytes a packet on average, 115 packets a connection. */
    FULL,
    /** Short calls: 190 bytes a packet, 22 packets a connection. */
    SMALL,
    /** As {@link #SMALL}, but all of it to Docker Hub, of {@value #STORY_HOSTS} hosts, most of it of one. */
    STORY;

    private static final int STORY_HOSTS = 250;

    /** Returns the host of a connection. */
    int drawHost(Network network, Draw draw) {
        if (this != STORY) {
            return network.drawHost();
        }
        return draw.percent(60) ? 0 : draw.below(STORY_HOSTS);
    }

    int watchedPercent() {
        return this == STORY ? 100 : 5;
    }

    int exchanges(Draw draw) {
        return this == FULL ? draw.between(1, 5) : draw.between(1, 7);
    }

    /** Returns the length of the certificate chain; 0 for the short flight of a resumed session. */
    int certificateBytes(Draw draw) {
        return this == FULL ? draw.between(2_100, 4_600) : 0;
    }

    int tickets() {
        return this == FULL ? 2 : 1;
    }

    /** Returns plain bytes of a request without a body. */
    int requestBytes(Draw draw) {
        return this == FULL ? draw.between(60, 960) : draw.between(40, 120);
    }

    boolean uploads(Draw draw) {
        return draw.percent(8) && this == FULL;
    }

    int uploadBytes(Draw draw) {
        return draw.between(20_000, 220_000);
    }

    int responseBytes(Draw draw) {
        if (this != FULL) {
            return draw.between(30, 180);
        }
        return draw.between(500, 30_500) + (draw.percent(10) ? draw.below(400_000) : 0);
    }
}
