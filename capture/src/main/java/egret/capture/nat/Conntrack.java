// SPDX-License-Identifier: Apache-2.0
package egret.capture.nat;

import egret.capture.flow.Connection;
import java.io.IOException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's connection tracking: which source a connection had before this machine translated it. It looks into the
 * network namespace of the thread that opens it and is used by one thread, the one that captures.
 *
 * <p>{@link #poll} is called before packets are looked at. What is told last of a tuple stands: ask at a connection's
 * SYN or hello, not when its ports may have come back.
 */
public final class Conntrack implements AutoCloseable {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final @Nullable Feed feed;
    private final String state;
    private final Translations translations;
    private final LongSupplier nanos;
    private final long start;
    private final Tuple reply = new Tuple();
    private long unanswered;

    private Conntrack(@Nullable Feed feed, String state, Translations translations, LongSupplier nanos, long start) {
        this.feed = feed;
        this.state = state;
        this.translations = translations;
        this.nanos = nanos;
        this.start = start;
    }

    /** Opens the best way there is; see {@link #state} for which. Never fails. */
    public static Conntrack open() {
        return open(NetlinkFeed.EVENT_BUFFER_BYTES, TranslationTable.LARGEST, System::nanoTime);
    }

    /** @param nanos a clock that never goes back */
    static Conntrack open(int eventBufferBytes, int largestTable, LongSupplier nanos) {
        Translations translations = new Translations(largestTable);
        long start = nanos.getAsLong();
        String why;
        try {
            Feed feed = NetlinkFeed.open(ConntrackProbe.eventsOn(), eventBufferBytes, translations);
            return new Conntrack(feed, "by " + feed.way(), translations, nanos, start);
        } catch (IOException e) {
            why = String.valueOf(e.getMessage());
        } catch (LinkageError e) {
            why = "reading connection tracking needs Linux and JNA";
        }
        if (ConntrackProbe.tableReadable()) {
            Feed feed = new FileFeed(ConntrackProbe.TABLE);
            return new Conntrack(feed, "by " + feed.way() + ", as " + why, translations, nanos, start);
        }
        return new Conntrack(null, ConntrackProbe.neither(ConntrackProbe.tracks(), why), translations, nanos, start);
    }

    /** Reads nothing, as when a mirror is captured: what is translated here has nothing to do with what is seen. */
    public static Conntrack off(String why) {
        return new Conntrack(null, why, new Translations(1), () -> 0, 0);
    }

    /** Whether sources can be told at all. */
    public boolean readable() {
        return feed != null;
    }

    /** How it is read, or why it cannot be and what grants it; one clear sentence without a full stop. */
    public String state() {
        return state;
    }

    /** Takes in what the kernel told since the last call. Never blocks; some milliseconds at most. */
    public void poll() {
        if (feed != null) {
            tick();
            feed.poll(translations);
        }
    }

    private void tick() {
        translations.time((nanos.getAsLong() - start) / NANOS_PER_MILLI);
    }

    /** What is known of a connection, as it is seen: from its client's address to its server's. */
    public Tracked original(Connection connection, OriginalSource into) {
        return original(
                connection.quic(),
                connection.clientHigh(),
                connection.clientLow(),
                connection.clientPort(),
                connection.serverHigh(),
                connection.serverLow(),
                connection.serverPort(),
                into);
    }

    /**
     * What is known of a TCP connection or an exchange of UDP datagrams, by the addresses and ports of a packet of its
     * client. The kernel is asked at once about what is not known, within a bound of a second.
     *
     * @param into filled with the source before NAT; with the given one if there was none or it is not known
     */
    public Tracked original(
            boolean udp,
            long sourceHigh,
            long sourceLow,
            int sourcePort,
            long serverHigh,
            long serverLow,
            int serverPort,
            OriginalSource into) {
        into.set(sourceHigh, sourceLow, sourcePort);
        if (feed == null) {
            return Tracked.UNKNOWN;
        }
        reply.set(udp ? Tuple.UDP : Tuple.TCP, serverHigh, serverLow, serverPort, sourceHigh, sourceLow, sourcePort);
        if (translations.find(reply, into)) {
            return judge(into);
        }
        if (feed.complete() && !translations.isEgress(sourceHigh, sourceLow)) {
            return Tracked.UNCHANGED;
        }
        return switch (feed.ask(reply, translations, into)) {
            case FOUND -> judge(into);
            case ABSENT -> Tracked.UNKNOWN;
            case LATER -> {
                unanswered++;
                yield Tracked.UNKNOWN;
            }
        };
    }

    private Tracked judge(OriginalSource source) {
        if (source.high != reply.destinationHigh || source.low != reply.destinationLow) {
            return Tracked.TRANSLATED;
        }
        return translations.isEgress(source.high, source.low) ? Tracked.OWN : Tracked.UNCHANGED;
    }

    /** Whether connections were translated to this address here: a NAT's outside address. */
    public boolean isEgress(long high, long low) {
        return translations.isEgress(high, low);
    }

    public ConntrackCounts counts() {
        return feed == null ? new ConntrackCounts(0, 0, 0, unanswered, 0, 0) : feed.counts(translations, unanswered);
    }

    @Override
    public void close() {
        if (feed != null) {
            feed.close();
        }
    }
}
