// SPDX-License-Identifier: Apache-2.0
package egret.capture.decode;

import java.nio.ByteBuffer;

/**
 * Where the walk over one packet's layers stands. A layer reads only bytes in {@code [position, end)}, after it has
 * asked {@link #lacks}; always {@code position ≤ end ≤ wire}.
 */
final class Cursor {
    ByteBuffer bytes = ByteBuffer.allocateDirect(0);

    /** First byte of the layer. */
    int position;

    /** Behind the last captured byte of the layer. */
    int end;

    /** Where the layer ended on the wire; beyond {@link #end} when the snaplen cut it. */
    int wire;

    /** IP headers entered so far. */
    int ipHeaders;

    /** What is decoded into. */
    Packet packet = new Packet();

    boolean lacks(int count) {
        return end - position < count;
    }

    /** Why a layer that {@link #lacks} bytes does: cut by the capture, or never there. */
    int shortOf(int count) {
        return wire - position < count ? Layer.MALFORMED : Layer.TRUNCATED;
    }

    int byteAt(int at) {
        return bytes.get(position + at) & 0xff;
    }

    int shortAt(int at) {
        return bytes.getShort(position + at) & 0xffff;
    }

    int intAt(int at) {
        return bytes.getInt(position + at);
    }

    /** @param count of bytes that are there */
    void skip(int count) {
        position += count;
    }

    /** Drops what follows the layer's given length, such as padding; never lengthens it. */
    void limit(int length) {
        if (length < wire - position) {
            wire = position + length;
            end = Math.min(end, wire);
        }
    }

    /**
     * Takes an IP header's word for the length of its datagram, also when that is more than what surrounds it: then the
     * packet was cut by whoever mirrored or wrote it.
     */
    void believe(long length) {
        wire = (int) Math.min(position + length, Integer.MAX_VALUE);
        end = Math.min(end, wire);
    }
}
