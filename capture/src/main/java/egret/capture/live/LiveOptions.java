// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to capture, and how.
 *
 * @param interfaces names, at least one; {@link #ANY} stands alone
 * @param snaplen bytes of a packet that are kept, 1 to 262,144
 * @param bufferBytes memory for packets that wait, of all interfaces together; the kernel pins it and it counts as ours
 * @param promiscuous also frames for other hosts, as a mirror sends them; without effect on {@link #ANY}
 * @param filter in libpcap's language (pcap-filter(7)), or null
 * @param waitMillis for so long, 1 to 1,000, the ring gathers packets before it hands over what fills no block; each such
 *     hand-over costs the reader a wake-up
 */
public record LiveOptions(
        List<String> interfaces,
        int snaplen,
        int bufferBytes,
        Engine engine,
        boolean promiscuous,
        @Nullable String filter,
        int waitMillis) {
    /** All interfaces there are, also those that come later. */
    public static final String ANY = "any";

    public static final int DEFAULT_SNAPLEN = 4096;
    public static final int DEFAULT_BUFFER_BYTES = 64 << 20;

    public static final int DEFAULT_WAIT_MILLIS = 10;

    private static final int LONGEST_WAIT = 1000;
    private static final int LARGEST_SNAPLEN = 262_144;
    private static final int SMALLEST_BUFFER = 1 << 20;
    private static final int LARGEST_BUFFER = 1 << 30;
    private static final int MOST_INTERFACES = 64;

    /** What reads the packets. */
    public enum Engine {
        /** The ring where it can be had, else libpcap. */
        AUTO,
        /** The kernel's own ring of blocks (Linux, TPACKET_V3). */
        RING,
        /** libpcap, through pcap4j. */
        PCAP
    }

    public LiveOptions {
        interfaces = List.copyOf(new LinkedHashSet<>(interfaces)); // twice the same would count twice
        if (interfaces.isEmpty() || interfaces.size() > MOST_INTERFACES) {
            throw new IllegalArgumentException("1 to " + MOST_INTERFACES + " interfaces, not " + interfaces.size());
        }
        if (interfaces.contains(ANY) && interfaces.size() > 1) {
            throw new IllegalArgumentException("\"any\" has all interfaces; it stands alone");
        }
        snaplen = Math.max(1, Math.min(snaplen, LARGEST_SNAPLEN));
        bufferBytes = Math.max(SMALLEST_BUFFER, Math.min(bufferBytes, LARGEST_BUFFER));
        waitMillis = Math.max(1, Math.min(waitMillis, LONGEST_WAIT));
    }

    /** As usual, packets wait for {@value #DEFAULT_WAIT_MILLIS} ms at most. */
    public LiveOptions(
            List<String> interfaces,
            int snaplen,
            int bufferBytes,
            Engine engine,
            boolean promiscuous,
            @Nullable String filter) {
        this(interfaces, snaplen, bufferBytes, engine, promiscuous, filter, DEFAULT_WAIT_MILLIS);
    }

    /** The defaults for these interfaces. */
    public static LiveOptions of(String... interfaces) {
        return new LiveOptions(List.of(interfaces), DEFAULT_SNAPLEN, DEFAULT_BUFFER_BYTES, Engine.AUTO, true, null);
    }

    public LiveOptions with(Engine other) {
        return new LiveOptions(interfaces, snaplen, bufferBytes, other, promiscuous, filter, waitMillis);
    }

    public LiveOptions filtered(@Nullable String text) {
        return new LiveOptions(interfaces, snaplen, bufferBytes, engine, promiscuous, text, waitMillis);
    }

    public LiveOptions waiting(int millis) {
        return new LiveOptions(interfaces, snaplen, bufferBytes, engine, promiscuous, filter, millis);
    }
}
