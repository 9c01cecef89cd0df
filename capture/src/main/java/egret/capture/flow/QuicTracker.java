// SPDX-License-Identifier: Apache-2.0
package egret.capture.flow;

import egret.capture.decode.Packet;
import egret.capture.protocol.ClientHello;
import egret.capture.protocol.QuicDecryption;
import egret.capture.protocol.QuicHello;
import egret.capture.protocol.QuicInitial;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the ClientHello of each QUIC connection; what follows it is out of sight. At most {@value #MAX_PENDING}
 * connections wait for the rest of their hello and {@value #MAX_DONE} are remembered as done; the oldest gives way.
 */
final class QuicTracker {
    private static final int MAX_PENDING = 512;
    private static final int MAX_DONE = 16_384;

    /** QUIC connections end silently; after this long without an Initial the same ports are a new connection. */
    private static final long NEW_NANOS = 60_000_000_000L;

    private record Flow(long high, long low, long otherHigh, long otherLow, int ports) {}

    private final NameTable names;
    private final Twins twins;
    private final Pools pools;
    private final AddressNames addresses;
    private final ConnectionListener listener;
    private final Map<Flow, QuicHello> pending = new LinkedHashMap<>();
    private final Map<Flow, Long> done = new LinkedHashMap<>();
    private @Nullable QuicDecryption decryption;
    private long shed;

    QuicTracker(NameTable names, AddressNames addresses, Pools pools, Twins twins, ConnectionListener listener) {
        this.names = names;
        this.addresses = addresses;
        this.pools = pools;
        this.twins = twins;
        this.listener = listener;
    }

    void datagram(Packet packet) {
        int from = packet.payloadOffset;
        int to = from + packet.payloadLength;
        if (!QuicInitial.looksLikeInitial(packet.bytes, from, to)) {
            return;
        }
        Flow flow = new Flow(
                packet.sourceHigh,
                packet.sourceLow,
                packet.destinationHigh,
                packet.destinationLow,
                (packet.sourcePort << 16) | packet.destinationPort);
        Flow back = new Flow(
                packet.destinationHigh,
                packet.destinationLow,
                packet.sourceHigh,
                packet.sourceLow,
                (packet.destinationPort << 16) | packet.sourcePort);
        Long last = done.get(flow);
        boolean repeated = last != null && packet.timestampNanos - last < NEW_NANOS;
        if (repeated || done.containsKey(back) || pending.containsKey(back)) {
            return;
        }
        QuicHello hello = pending.get(flow);
        if (hello == null) {
            hello = new QuicHello(decryption());
        }
        switch (hello.add(packet.bytes, from, to)) {
            case COMPLETE -> {
                pending.remove(flow);
                done(flow, packet.timestampNanos);
                named(packet, hello.hello(), false);
            }
            case INCOMPLETE -> pending(flow, hello);
            case NOT_INITIAL, UNDECRYPTABLE, NOT_A_HELLO -> {}
        }
    }

    private QuicDecryption decryption() {
        QuicDecryption made = decryption;
        if (made == null) {
            made = new QuicDecryption();
            decryption = made;
        }
        return made;
    }

    private void pending(Flow flow, QuicHello hello) {
        if (pending.put(flow, hello) == null && pending.size() > MAX_PENDING) {
            pending.remove(pending.keySet().iterator().next());
            shed++;
        }
    }

    private void done(Flow flow, long timestampNanos) {
        done.remove(flow);
        done.put(flow, timestampNanos);
        if (done.size() > MAX_DONE) {
            done.remove(done.keySet().iterator().next());
        }
    }

    private void named(Packet packet, ClientHello hello, boolean cut) {
        Connection connection = pools.connection(0, 0);
        connection.quic = true;
        connection.helloCut = cut;
        connection.from(packet, true);
        connection.hello = true;
        connection.answered = true;
        if (hello.hasServerName()) {
            connection.origin = NameOrigin.SERVER_NAME;
            connection.name = names.intern(hello.bytes(), hello.serverNameOffset(), hello.serverNameLength());
        } else {
            connection.name = names.held(addresses.name(connection.serverHigh, connection.serverLow));
            connection.origin = connection.name == 0 ? NameOrigin.NONE : NameOrigin.DNS_ANSWER;
        }
        Connection first = twins.byHello(connection, hello, packet.timestampNanos);
        if (twins.lastWasCopy()) {
            listener.copied(connection, first, hello);
            pools.recycle(connection);
            return;
        }
        listener.opened(connection);
        connection.namedFrom(packet);
        connection.named = true;
        connection.namedNanos = packet.timestampNanos;
        listener.named(connection, hello);
        listener.closed(connection);
        pools.recycle(connection);
    }

    /** The capture is over: a hello whose rest never came gives its name, if that is there. */
    void finish(Packet last) {
        for (Map.Entry<Flow, QuicHello> entry : pending.entrySet()) {
            QuicHello hello = entry.getValue();
            if (hello.hello().hasServerName()) {
                Flow flow = entry.getKey();
                last.ipv4 = flow.high == 0 && flow.low >>> 32 == 0xffff;
                last.sourceHigh = flow.high;
                last.sourceLow = flow.low;
                last.destinationHigh = flow.otherHigh;
                last.destinationLow = flow.otherLow;
                last.sourcePort = flow.ports >>> 16;
                last.destinationPort = flow.ports & 0xffff;
                named(last, hello.hello(), true);
            }
        }
        pending.clear();
    }

    long shed() {
        return shed;
    }
}
