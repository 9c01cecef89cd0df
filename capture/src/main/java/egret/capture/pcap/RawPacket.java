// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

import java.nio.ByteBuffer;

/**
 * One record of a capture: a view that its reader overwrites for the next one.
 *
 * <p>The bytes at {@code [offset, offset + capturedLength)} of {@link #bytes} belong to the reader and are valid until
 * it is asked for the next packet. Fields are public because this is the boundary of two hot loops.
 */
public final class RawPacket {
    /** Big-endian, direct; only absolute reads are allowed. */
    public ByteBuffer bytes = ByteBuffer.allocateDirect(0);

    /** Position of the first captured byte of the frame in {@link #bytes}. */
    public int offset;

    /** Bytes of the frame that are in the capture, ≥ 0. */
    public int capturedLength;

    /** Bytes of the frame on the wire, ≥ 0; a broken capture may give less than {@link #capturedLength}. */
    public int originalLength;

    /** libpcap's LINKTYPE_ value of the interface. */
    public int linkType;

    /** Nanoseconds since the epoch. */
    public long timestampNanos;

    /** Position of the packet in its file, from 1, as in Wireshark. */
    public long number;

    /** Index of the file in the order given on the command line, from 0. */
    public int file;

    /** Index of the interface in the file, from 0; in live packets the kernel's number of it. */
    public int interfaceIndex;

    /** How many interfaces its file has described up to here, or are captured: their packets may be in no common order. */
    public int interfaces = 1;
}
