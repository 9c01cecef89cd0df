// SPDX-License-Identifier: Apache-2.0
package egret.capture.nat;

import egret.capture.linux.Libc;
import egret.capture.linux.NetlinkMessages;
import egret.capture.linux.NetlinkSocket;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Connection tracking by ctnetlink: an event for each new connection, the whole table at the start and whenever events
 * were lost, and single connections when they are asked for.
 *
 * <p>An event is sent when a connection's first packet leaves the machine, before that packet is seen outside. The three
 * conversations have a socket each, so that none waits behind another. A query is answered within its system call.
 */
final class NetlinkFeed implements Feed {
    /** Room for 40,000 events and more: two seconds at a million connections a minute. */
    static final int EVENT_BUFFER_BYTES = 32 << 20;

    private static final int GROUP_NEW = 1;

    /** A part of a dump; the kernel fills no more than 32 KiB. */
    private static final int DATAGRAM_BYTES = 64 << 10;

    /** Bounds what one poll takes, at 2.5 µs each; 10 ms have 170 at a million connections a minute. */
    private static final int EVENTS_A_POLL = 4096;

    /** Of some 150 connections each. */
    private static final int PARTS_A_POLL = 16;

    /** What is not dumped by then is dumped beside the capture: 600,000 connections, a second. */
    private static final int POLLS_AT_START = 256;

    /** At 8 µs each 1.6 % of a core. */
    private static final int QUERIES_A_SECOND = 2000;

    /** A flood that overruns the buffer all the time shall not be answered by dumping all the time. */
    private static final long BETWEEN_DUMPS_MILLIS = 2000;

    private final NetlinkSocket events;
    private final NetlinkSocket dumps;
    private final NetlinkSocket queries;
    private final boolean eventsOn;
    private final ByteBuffer datagram = NetlinkSocket.buffer(DATAGRAM_BYTES);
    private final ByteBuffer request = NetlinkSocket.buffer(ConntrackRequests.LARGEST);
    private final NetlinkMessages messages = new NetlinkMessages();
    private final ConntrackMessage message = new ConntrackMessage();

    private long overruns;
    private long damaged;
    private boolean dumpWanted = true;
    private boolean dumping;
    private boolean failed;
    private long dumpedMillis = -BETWEEN_DUMPS_MILLIS;
    private int dumpSequence;
    private int querySequence;
    private long asked;
    private long askedThisSecond;
    private long second;

    private NetlinkFeed(NetlinkSocket events, NetlinkSocket dumps, NetlinkSocket queries, boolean eventsOn) {
        this.events = events;
        this.dumps = dumps;
        this.queries = queries;
        this.eventsOn = eventsOn;
    }

    /**
     * @param eventsOn whether this namespace's connection tracking sends events at all
     * @param eventBufferBytes that may wait between two polls
     * @throws IOException with the reason in one sentence
     */
    static NetlinkFeed open(boolean eventsOn, int eventBufferBytes, Translations into) throws IOException {
        NetlinkSocket events = NetlinkSocket.open(NetlinkSocket.NETFILTER);
        NetlinkSocket dumps = null;
        NetlinkSocket queries = null;
        try {
            events.receiveBuffer(eventBufferBytes);
            if (eventsOn && !events.join(GROUP_NEW)) {
                throw new IOException(ConntrackProbe.sentence(Libc.errno()));
            }
            dumps = NetlinkSocket.open(NetlinkSocket.NETFILTER);
            queries = NetlinkSocket.open(NetlinkSocket.NETFILTER);
            NetlinkFeed feed = new NetlinkFeed(events, dumps, queries, eventsOn);
            int errno = feed.probe();
            if (errno != 0) {
                throw new IOException(ConntrackProbe.sentence(errno));
            }
            for (int i = 0; i < POLLS_AT_START && (i == 0 || feed.dumping); i++) {
                feed.poll(into);
            }
            return feed;
        } catch (IOException e) {
            events.close();
            if (dumps != null) {
                dumps.close();
            }
            if (queries != null) {
                queries.close();
            }
            throw e;
        }
    }

    /** Asks for a connection that there is not. 0 if the kernel says just that. */
    private int probe() {
        Tuple none = new Tuple();
        none.set(Tuple.TCP, 0, Tuple.ipv4(0x7f00_0001), 0, 0, Tuple.ipv4(0x7f00_0001), 0);
        int length = ConntrackRequests.query(request, none, ++querySequence);
        if (!queries.send(request, length)) {
            return Libc.errno();
        }
        messages.over(datagram, Math.max(0, queries.receive(datagram)));
        if (!messages.next() || messages.type() != NetlinkMessages.NLMSG_ERROR) {
            return 0;
        }
        return messages.error() == Libc.ENOENT ? 0 : messages.error();
    }

    @Override
    public String way() {
        return eventsOn ? "netlink events" : "netlink queries (nf_conntrack_events is off)";
    }

    @Override
    public void poll(Translations into) {
        readDump(into);
        if (eventsOn) {
            readEvents(into);
        }
        if (dumpWanted && !dumping && into.millis() - dumpedMillis >= BETWEEN_DUMPS_MILLIS) {
            int length = ConntrackRequests.dump(request, ++dumpSequence);
            dumping = dumps.send(request, length);
            dumpWanted = !dumping;
            dumpedMillis = into.millis();
            readDump(into);
        }
    }

    private void readEvents(Translations into) {
        for (int i = 0; i < EVENTS_A_POLL; i++) {
            int length = events.receive(datagram);
            if (events.overruns() != overruns) {
                overruns = events.overruns();
                dumpWanted = true;
                into.disbelieve();
            }
            if (length <= 0) {
                failed |= length < 0;
                return;
            }
            messages.over(datagram, length);
            while (messages.next()) {
                if (messages.type() == ConntrackMessage.NEW) {
                    put(into);
                }
            }
        }
    }

    private void readDump(Translations into) {
        for (int part = 0; dumping && part < PARTS_A_POLL; part++) {
            int length = dumps.receive(datagram);
            if (length <= 0) {
                // The kernel has the next part ready before the last one is read: nothing there means that it was lost.
                dumping = false;
                dumpWanted = true;
                return;
            }
            messages.over(datagram, length);
            while (messages.next()) {
                int type = messages.type();
                if (type == NetlinkMessages.NLMSG_DONE || type == NetlinkMessages.NLMSG_ERROR) {
                    dumping = false;
                    dumpWanted |= messages.error() != 0;
                } else if (type == ConntrackMessage.NEW && messages.sequence() == dumpSequence) {
                    put(into);
                }
            }
        }
    }

    private boolean put(Translations into) {
        ConntrackMessage.Outcome outcome = message.parse(datagram, messages.body(), messages.end());
        if (outcome == ConntrackMessage.Outcome.DAMAGED) {
            damaged++;
        }
        if (outcome != ConntrackMessage.Outcome.CONNECTION) {
            return false;
        }
        into.put(message.original, message.reply);
        return true;
    }

    @Override
    public Answer ask(Tuple reply, Translations into, OriginalSource source) {
        long now = into.millis() / 1000;
        if (now != second) {
            second = now;
            askedThisSecond = 0;
        }
        if (askedThisSecond == QUERIES_A_SECOND) {
            return Answer.LATER;
        }
        askedThisSecond++;
        asked++;
        int length = ConntrackRequests.query(request, reply, ++querySequence);
        if (!queries.send(request, length)) {
            return Answer.LATER;
        }
        // Late answers to earlier questions come first, if there are any.
        for (int received = queries.receive(datagram); received > 0; received = queries.receive(datagram)) {
            messages.over(datagram, received);
            while (messages.next()) {
                if (messages.sequence() != querySequence) {
                    continue;
                }
                if (messages.type() == NetlinkMessages.NLMSG_ERROR) {
                    return messages.error() == Libc.ENOENT ? Answer.ABSENT : Answer.LATER;
                }
                // The same addresses and ports may be the other direction of a connection that the other side opened.
                if (!put(into) || !message.reply.equalTo(reply)) {
                    return Answer.ABSENT;
                }
                Tuple original = message.original;
                source.set(original.sourceHigh, original.sourceLow, original.sourcePort);
                return Answer.FOUND;
            }
        }
        return Answer.LATER;
    }

    @Override
    public boolean complete() {
        return eventsOn && !failed && !dumpWanted && !dumping;
    }

    @Override
    public ConntrackCounts counts(Translations of, long unanswered) {
        long lost = overruns + dumps.overruns() + queries.overruns();
        long unread = damaged + messages.damaged() + message.damaged() + events.truncated() + dumps.truncated();
        return new ConntrackCounts(of.translated(), lost, asked, unanswered, of.shed(), unread);
    }

    @Override
    public void close() {
        events.close();
        dumps.close();
        queries.close();
    }
}
