// SPDX-License-Identifier: Apache-2.0
package egret.capture;

import egret.capture.decode.FrameBuilder;
import egret.capture.decode.Packet;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A TCP connection as its segments, a millisecond apart; both sides know all sequence numbers. */
final class Conversation {
    static final long START = 1_700_000_000L * 1_000_000_000L;
    static final long MILLI = 1_000_000L;

    /** One segment; addresses and ports are those of its own sender and receiver. */
    record Segment(
            long nanos,
            boolean fromClient,
            String source,
            int sourcePort,
            String destination,
            int destinationPort,
            int ttl,
            int sequence,
            int acknowledgment,
            int flags,
            byte[] options,
            byte[] payload) {

        Segment at(long newNanos) {
            return new Segment(
                    newNanos,
                    fromClient,
                    source,
                    sourcePort,
                    destination,
                    destinationPort,
                    ttl,
                    sequence,
                    acknowledgment,
                    flags,
                    options,
                    payload);
        }

        /** Its bytes in [from, to); only the first part keeps a SYN, only the last a FIN. */
        Segment part(int from, int to) {
            byte[] part = java.util.Arrays.copyOfRange(payload, from, to);
            boolean syn = (flags & Packet.SYN) != 0;
            int partFlags = flags;
            if (from > 0) {
                partFlags &= ~Packet.SYN;
            }
            if (to < payload.length) {
                partFlags &= ~Packet.FIN;
            }
            return new Segment(
                    nanos,
                    fromClient,
                    source,
                    sourcePort,
                    destination,
                    destinationPort,
                    ttl,
                    sequence + from + (syn && from > 0 ? 1 : 0),
                    acknowledgment,
                    partFlags,
                    from > 0 ? new byte[0] : options,
                    part);
        }

        /** As it is seen behind a NAT that gives the client another address and port; each hop takes one from the TTL. */
        Segment natted(String address, int port, long later) {
            return new Segment(
                    nanos + later,
                    fromClient,
                    fromClient ? address : source,
                    fromClient ? port : sourcePort,
                    fromClient ? destination : address,
                    fromClient ? destinationPort : port,
                    fromClient ? ttl - 1 : ttl + 1,
                    sequence,
                    acknowledgment,
                    flags,
                    options,
                    payload);
        }

        FrameBuilder tcp() {
            return FrameBuilder.tcp(sourcePort, destinationPort, sequence, acknowledgment, flags, options, payload);
        }

        boolean syn() {
            return (flags & Packet.SYN) != 0;
        }

        boolean carries() {
            return payload.length > 0;
        }
    }

    private final String client;
    private final int clientPort;
    private final String server;
    private final int serverPort;
    private final List<Segment> segments = new ArrayList<>();
    private long nanos = START;
    private int clientNext = 1_000_000;
    private int serverNext = 5_000_000;
    private int timestamp = 77_777;
    private boolean options = true;

    Conversation(String client, int clientPort, String server, int serverPort) {
        this.client = client;
        this.clientPort = clientPort;
        this.server = server;
        this.serverPort = serverPort;
        clientNext = 1_000_000 + 7919 * clientPort;
    }

    /** Changes the client's initial sequence number and its clock. */
    Conversation begins(int sequence, int timestampValue) {
        clientNext = sequence;
        timestamp = timestampValue;
        return this;
    }

    Conversation withoutOptions() {
        options = false;
        return this;
    }

    Conversation at(long millis) {
        nanos = START + millis * MILLI;
        return this;
    }

    Conversation later(long millis) {
        nanos += millis * MILLI;
        return this;
    }

    Conversation syn() {
        return syn(new byte[0]);
    }

    /** With data in it, as TCP Fast Open has it. */
    Conversation syn(byte[] data) {
        add(true, clientNext, 0, Packet.SYN, data);
        clientNext += 1 + data.length;
        return this;
    }

    Conversation synAck() {
        add(false, serverNext++, clientNext, Packet.SYN | Packet.ACK, new byte[0]);
        return this;
    }

    Conversation opened() {
        return syn().synAck();
    }

    /** The last SYN once more. */
    Conversation synAgain() {
        Segment last = null;
        for (Segment segment : segments) {
            last = segment.fromClient && segment.syn() ? segment : last;
        }
        if (last == null) {
            throw new IllegalStateException("no SYN yet");
        }
        segments.add(last.at(nanos));
        nanos += MILLI;
        return this;
    }

    Conversation client(byte[] data) {
        add(true, clientNext, serverNext, Packet.ACK | Packet.PSH, data);
        clientNext += data.length;
        return this;
    }

    /** In segments of that size. */
    Conversation client(byte[] data, int size) {
        for (int at = 0; at < data.length; at += size) {
            client(java.util.Arrays.copyOfRange(data, at, Math.min(data.length, at + size)));
        }
        return this;
    }

    Conversation client(String ascii) {
        return client(ascii.getBytes(StandardCharsets.ISO_8859_1));
    }

    Conversation server(byte[] data) {
        add(false, serverNext, clientNext, Packet.ACK | Packet.PSH, data);
        serverNext += data.length;
        return this;
    }

    Conversation server(String ascii) {
        return server(ascii.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Both sides close. */
    Conversation closed() {
        add(true, clientNext++, serverNext, Packet.FIN | Packet.ACK, new byte[0]);
        add(false, serverNext++, clientNext, Packet.FIN | Packet.ACK, new byte[0]);
        return this;
    }

    Conversation reset(boolean byClient) {
        add(
                byClient,
                byClient ? clientNext : serverNext,
                byClient ? serverNext : clientNext,
                Packet.RST | Packet.ACK,
                new byte[0]);
        return this;
    }

    private void add(boolean fromClient, int sequence, int acknowledgment, int flags, byte[] data) {
        segments.add(new Segment(
                nanos,
                fromClient,
                fromClient ? client : server,
                fromClient ? clientPort : serverPort,
                fromClient ? server : client,
                fromClient ? serverPort : clientPort,
                fromClient ? 64 : 57,
                sequence,
                acknowledgment,
                flags,
                options ? options(fromClient ? timestamp : 4242, (flags & Packet.SYN) != 0) : new byte[0],
                data));
        nanos += MILLI;
    }

    private static byte[] options(int timestampValue, boolean syn) {
        ByteBuffer b = ByteBuffer.allocate(syn ? 16 : 12);
        if (syn) {
            b.putInt(0x020405b4);
        }
        return b.putShort((short) 0x0101)
                .putShort((short) 0x080a)
                .putInt(timestampValue)
                .putInt(0)
                .array();
    }

    List<Segment> segments() {
        return List.copyOf(segments);
    }

    /** TLS records of that type with bodies of those lengths. */
    static byte[] records(int type, int... lengths) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int length : lengths) {
            out.writeBytes(new byte[] {(byte) type, 3, 3, (byte) (length >> 8), (byte) length});
            out.writeBytes(new byte[length]);
        }
        return out.toByteArray();
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** The record with a ServerHello of TLS 1.2. */
    static byte[] serverHello() {
        ByteBuffer b = ByteBuffer.allocate(5 + 4 + 38);
        b.put((byte) 22).putShort((short) 0x0303).putShort((short) 42);
        b.put((byte) 2).put((byte) 0).putShort((short) 38).putShort((short) 0x0303);
        b.putLong(1).putLong(2).putLong(3).putLong(4);
        return b.put((byte) 0).putShort((short) 0xc02f).put((byte) 0).array();
    }

    /** Behind the hello: the rest of a TLS 1.2 handshake and so many requests of HTTP/1.1 with their answers. */
    Conversation exchange(int requests) {
        server(join(serverHello(), records(22, 2500, 300, 4)));
        client(records(22, 70));
        client(join(records(20, 1), records(22, 40)));
        server(join(records(20, 1), records(22, 40)));
        for (int i = 0; i < requests; i++) {
            client(records(23, 300 + i));
            server(records(23, 700, 1400));
            server(records(23, 800));
        }
        return this;
    }
}
