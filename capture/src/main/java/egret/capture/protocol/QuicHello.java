// SPDX-License-Identifier: Apache-2.0
package egret.capture.protocol;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The ClientHello of one QUIC connection, collected from the client's Initial packets: decrypts them, puts CRYPTO frames
 * together by offset, in any order, and gives the hello as a view. One per connection, {@link #reset} to use it again;
 * one thread per {@link QuicDecryption}. (RFC 9000 §19.6, RFC 9001 §5.2.)
 *
 * <p>Keys come from the destination connection id of the first Initial; a packet that they do not open is tried with its
 * own id, as it must be after a Retry. Memory: what the hello has, at most 64 kB and {@value #MAX_GAPS} gaps.
 */
public final class QuicHello {
    /** What is known after a datagram. */
    public enum Outcome {
        /** The whole hello is there. */
        COMPLETE,
        /** Bytes of it are missing; {@link #hello} shows what is there from its beginning on. */
        INCOMPLETE,
        /** No packet in the datagram is an Initial of a known version. */
        NOT_INITIAL,
        /** Initials that the client's keys do not open: the server's, damaged, or of a connection joined too late. */
        UNDECRYPTABLE,
        /** The CRYPTO stream does not begin with a ClientHello. */
        NOT_A_HELLO
    }

    static final int MAX_STREAM = 1 << 16;
    static final int MAX_GAPS = 64;
    /** Coalesced packets in one datagram; a client sends at most four. */
    private static final int MAX_PACKETS = 16;

    private static final int CRYPTO = 6;
    /** Where Google's own versions have their CRYPTO frame. */
    private static final int GOOGLE_CRYPTO = 8;

    private final QuicDecryption decryption;
    private final ClientHello hello = new ClientHello();
    private final QuicInitial packet = new QuicInitial();
    private final byte[] firstId = new byte[20];
    private int firstIdLength = -1;
    private QuicDecryption.@Nullable Keys keys;
    private long largestNumber = -1;
    private byte[] stream = new byte[2048];
    /** Ranges [start, end) of the stream that are there, ascending, apart from each other. */
    private final int[] ranges = new int[2 * MAX_GAPS];

    private int rangeCount;
    private long shed;

    public QuicHello(QuicDecryption decryption) {
        this.decryption = decryption;
    }

    /** Forgets the connection. */
    public void reset() {
        firstIdLength = -1;
        keys = null;
        largestNumber = -1;
        rangeCount = 0;
        shed = 0;
        hello.parse(decryption.viewed(), 0, 0);
    }

    /** Takes one UDP payload, [from, to) of {@code b}, sent by the client. */
    public Outcome add(ByteBuffer b, int from, int to) {
        boolean initial = false;
        boolean opened = false;
        int p = from;
        for (int n = 0; n < MAX_PACKETS && packet.parse(b, p, to); n++) {
            if (packet.initial) {
                initial = true;
                opened |= open(b, p, to);
            }
            // Length 0 still moves on: the header is never empty.
            p = packet.end;
        }
        if (!initial) {
            return Outcome.NOT_INITIAL;
        }
        if (!opened) {
            return Outcome.UNDECRYPTABLE;
        }
        return view();
    }

    private boolean open(ByteBuffer b, int from, int to) {
        if (firstIdLength < 0) {
            remember(b);
        }
        QuicDecryption.Keys first = keys;
        if (first == null || first.salt != packet.salt) {
            first = decryption.keys(packet.salt, firstId, firstIdLength);
        }
        int length = decryption.open(first, b, from, packet, to, largestNumber);
        if (length < 0 && !ownIdIsFirst(b)) {
            byte[] own = new byte[packet.connectionIdLength];
            b.get(packet.connectionIdOffset, own);
            first = decryption.keys(packet.salt, own, own.length);
            length = decryption.open(first, b, from, packet, to, largestNumber);
            if (length >= 0) {
                remember(b);
            }
        }
        if (length < 0) {
            if (keys == null) {
                firstIdLength = -1;
            }
            return false;
        }
        keys = first;
        largestNumber = Math.max(largestNumber, decryption.number());
        frames(decryption.plain(), length);
        return true;
    }

    private void remember(ByteBuffer b) {
        firstIdLength = packet.connectionIdLength;
        b.get(packet.connectionIdOffset, firstId, 0, firstIdLength);
    }

    private boolean ownIdIsFirst(ByteBuffer b) {
        if (firstIdLength != packet.connectionIdLength) {
            return false;
        }
        for (int i = 0; i < firstIdLength; i++) {
            if (firstId[i] != b.get(packet.connectionIdOffset + i)) {
                return false;
            }
        }
        return true;
    }

    /** Walks the frames that an Initial may hold (RFC 9000 §17.2.2); anything else ends the walk. */
    private void frames(ByteBuffer b, int to) {
        int p = 0;
        while (p < to) {
            int type = b.get(p++);
            if (type == GOOGLE_CRYPTO && packet.salt.google()) {
                type = CRYPTO;
            }
            switch (type) {
                case 0, 1 -> {}
                case 2, 3 -> p = acknowledgment(b, p, to, type == 3);
                case CRYPTO -> {
                    long offset = Varint.at(b, p, to);
                    p = skip(b, p, to);
                    long length = Varint.at(b, p, to);
                    p = skip(b, p, to);
                    if (offset < 0 || length < 0) {
                        return;
                    }
                    int there = (int) Math.min(length, to - p);
                    add(b, p, offset, there);
                    p = length > to - p ? to : p + there;
                }
                case 0x1c -> {
                    p = skip(b, skip(b, p, to), to);
                    long reason = Varint.at(b, p, to);
                    p = skip(b, p, to);
                    p = reason < 0 || reason > to - p ? to : p + (int) reason;
                }
                default -> {
                    return;
                }
            }
        }
    }

    private static int acknowledgment(ByteBuffer b, int at, int to, boolean ecn) {
        int p = skip(b, skip(b, at, to), to);
        long count = Varint.at(b, p, to);
        p = skip(b, skip(b, p, to), to);
        for (long i = 0; i < count && p < to; i++) {
            p = skip(b, skip(b, p, to), to);
        }
        for (int i = 0; ecn && i < 3; i++) {
            p = skip(b, p, to);
        }
        return p;
    }

    /** Behind the integer at {@code p}, or {@code to} when it is cut. */
    private static int skip(ByteBuffer b, int p, int to) {
        return p >= to ? to : Math.min(to, p + Varint.width(b, p));
    }

    private void add(ByteBuffer b, int at, long offset, int length) {
        if (length == 0) {
            return;
        }
        if (offset > MAX_STREAM - length) {
            shed += length;
            return;
        }
        int start = (int) offset;
        int end = start + length;
        int i = 0;
        while (i < rangeCount && ranges[2 * i + 1] < start) {
            i++;
        }
        int j = i;
        int joinedStart = start;
        int joinedEnd = end;
        while (j < rangeCount && ranges[2 * j] <= end) {
            joinedStart = Math.min(joinedStart, ranges[2 * j]);
            joinedEnd = Math.max(joinedEnd, ranges[2 * j + 1]);
            j++;
        }
        int after = rangeCount - j;
        if (i + 1 + after > MAX_GAPS) {
            shed += length;
            return;
        }
        if (end > stream.length) {
            stream = Arrays.copyOf(stream, Math.max(end, Math.min(MAX_STREAM, 2 * stream.length)));
        }
        b.get(at, stream, start, length);
        System.arraycopy(ranges, 2 * j, ranges, 2 * (i + 1), 2 * after);
        ranges[2 * i] = joinedStart;
        ranges[2 * i + 1] = joinedEnd;
        rangeCount = i + 1 + after;
    }

    private Outcome view() {
        int contiguous = rangeCount > 0 && ranges[0] == 0 ? ranges[1] : 0;
        ByteBuffer view = decryption.view(stream, contiguous);
        return switch (hello.parse(view, 0, contiguous)) {
            case COMPLETE -> Outcome.COMPLETE;
            case INCOMPLETE -> Outcome.INCOMPLETE;
            case NOT_A_HELLO -> Outcome.NOT_A_HELLO;
        };
    }

    /**
     * The hello as far as it is there from its beginning on. Its bytes lie in the {@link QuicDecryption} and are valid
     * until the next {@link #add} or {@link #reset} of any connection that shares it.
     */
    public ClientHello hello() {
        return hello;
    }

    /** Bytes of CRYPTO frames that were not kept because a bound was met. */
    public long shed() {
        return shed;
    }
}
