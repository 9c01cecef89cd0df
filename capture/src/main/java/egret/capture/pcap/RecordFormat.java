// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The records of a capture format, taken one by one from a stretch of its bytes. Holds what earlier blocks said (byte
 * order, interfaces, counts), so the stretches must be given in order; used by one thread at a time.
 *
 * <p>Bounds rule: nothing outside {@code [offset, limit)} is read, and lengths from the file are compared with
 * {@code limit - offset} before they are added to anything.
 */
sealed interface RecordFormat permits PcapFormat, PcapngFormat {
    /** The most that a record may say it captured; libpcap's MAXIMUM_SNAPLEN, which tcpdump and tshark hold files to. */
    int MAXIMUM_CAPTURED = 262_144;

    /**
     * The most where the file itself announces a larger snaplen (a 512 KiB frame of BIG TCP): what a reader must be
     * ready to buffer for one record.
     */
    int MAXIMUM_CAPTURED_ANNOUNCED = 1 << 20;

    /**
     * Puts the next packet into the view.
     *
     * @return the offset behind its record; or, if none is complete, the complement ({@code ~}) of the offset up to
     *     which the bytes are used up. Then either more bytes are needed or {@link #problem} says why there are none.
     */
    int next(ByteBuffer bytes, int offset, int limit, RawPacket packet);

    /**
     * Gives all complete packets to the sink. One loop per format, so that it compiles to one piece of code.
     *
     * @return the offset up to which the bytes are used up
     */
    int walk(ByteBuffer bytes, int offset, int limit, RawPacket packet, PacketSink sink);

    /** Packets delivered so far. */
    long packets();

    /** Bytes of an incomplete record that are already used up; 0 when only what is left in the stretch is incomplete. */
    long usedOfIncomplete();

    /** Why the record at the last returned offset cannot be read, as the end of a sentence. */
    @Nullable
    String problem();

    /** The largest captured length that is believed under a snaplen (unsigned) from the file. */
    static int largestCaptured(int snaplen) {
        if (snaplen < 0 || snaplen > MAXIMUM_CAPTURED_ANNOUNCED) {
            return MAXIMUM_CAPTURED_ANNOUNCED;
        }
        return Math.max(snaplen, MAXIMUM_CAPTURED);
    }
}
