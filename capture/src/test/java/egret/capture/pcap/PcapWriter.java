// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes pcap files for tests, in memory, in every variant that is read. The settings before the first packet are those
 * of the file: little-endian, microseconds, Ethernet, snaplen 262144 unless changed.
 */
public final class PcapWriter {
    public static final int MICROSECONDS = 0xa1b2c3d4;
    public static final int NANOSECONDS = 0xa1b23c4d;
    public static final int MODIFIED = 0xa1b2cd34;
    public static final int IXIA_HARDWARE = 0x1c0001ac;
    public static final int IXIA_SOFTWARE = 0x1c0001ab;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private ByteOrder order = ByteOrder.LITTLE_ENDIAN;
    private int magic = MICROSECONDS;
    private int major = 2;
    private int minor = 4;
    private int snaplen = 262_144;
    private int network = 1;
    private int extraRecordHeader;
    private int nanosPerFraction;
    private boolean lengthsSwapped;
    private boolean begun;

    public PcapWriter order(ByteOrder order) {
        this.order = order;
        return this;
    }

    public PcapWriter magic(int magic) {
        this.magic = magic;
        return this;
    }

    public PcapWriter version(int major, int minor) {
        this.major = major;
        this.minor = minor;
        return this;
    }

    public PcapWriter snaplen(int snaplen) {
        this.snaplen = snaplen;
        return this;
    }

    /** The whole field of the file header; link types are its low 16 bits. */
    public PcapWriter network(int network) {
        this.network = network;
        return this;
    }

    /** Bytes in each record between its header and the frame. */
    public PcapWriter extraRecordHeader(int bytes) {
        extraRecordHeader = bytes;
        return this;
    }

    /** 1 or 1000; by default what the magic number says. */
    public PcapWriter nanosPerFraction(int nanos) {
        nanosPerFraction = nanos;
        return this;
    }

    /** Writes the original length before the captured length. */
    public PcapWriter lengthsSwapped() {
        lengthsSwapped = true;
        return this;
    }

    public PcapWriter packet(long timestampNanos, byte[] frame) {
        return packet(timestampNanos, frame, frame.length);
    }

    public PcapWriter packet(long timestampNanos, byte[] frame, int originalLength) {
        return record(timestampNanos, frame.length, originalLength, frame);
    }

    /** A record whose header may say anything. */
    public PcapWriter record(long timestampNanos, int capturedLength, int originalLength, byte[] frame) {
        begin();
        int unit = nanosPerFraction != 0 ? nanosPerFraction : magic == NANOSECONDS || magic == IXIA_HARDWARE ? 1 : 1000;
        ByteBuffer header = ByteBuffer.allocate(16 + extraRecordHeader).order(order);
        header.putInt((int) (timestampNanos / 1_000_000_000L));
        header.putInt((int) (timestampNanos % 1_000_000_000L / unit));
        header.putInt(lengthsSwapped ? originalLength : capturedLength);
        header.putInt(lengthsSwapped ? capturedLength : originalLength);
        out.writeBytes(header.array());
        out.writeBytes(frame);
        return this;
    }

    public PcapWriter raw(byte... bytes) {
        begin();
        out.writeBytes(bytes);
        return this;
    }

    private void begin() {
        if (begun) {
            return;
        }
        begun = true;
        boolean ixia = magic == IXIA_HARDWARE || magic == IXIA_SOFTWARE;
        ByteBuffer header = ByteBuffer.allocate(ixia ? 28 : 24).order(order);
        header.putInt(magic).putShort((short) major).putShort((short) minor);
        header.putInt(0).putInt(0).putInt(snaplen).putInt(network);
        out.writeBytes(header.array());
    }

    public byte[] bytes() {
        begin();
        return out.toByteArray();
    }

    public Path write(Path file) {
        try {
            return Files.write(file, bytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
