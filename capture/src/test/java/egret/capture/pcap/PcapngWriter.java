// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes pcapng files for tests, in memory, block by block; little-endian until a section says otherwise. */
public final class PcapngWriter {
    public static final int SECTION = 0x0a0d0d0a;
    public static final int INTERFACE = 1;
    public static final int OLD_PACKET = 2;
    public static final int SIMPLE_PACKET = 3;
    public static final int PACKET = 6;

    private static final int OPTION_RESOLUTION = 9;
    private static final int OPTION_OFFSET_SECONDS = 14;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private ByteOrder order = ByteOrder.LITTLE_ENDIAN;

    /** Begins a section; its blocks are in this byte order. */
    public PcapngWriter section(ByteOrder order) {
        this.order = order;
        ByteBuffer body = buffer(16);
        body.putInt(0x1a2b3c4d).putShort((short) 1).putShort((short) 0).putLong(-1);
        return block(SECTION, body.array());
    }

    public PcapngWriter section() {
        return section(ByteOrder.LITTLE_ENDIAN);
    }

    /** An interface whose clock counts microseconds. */
    public PcapngWriter networkInterface(int linkType, int snaplen) {
        return block(INTERFACE, interfaceBody(linkType, snaplen, new byte[0]));
    }

    /**
     * @param resolution if_tsresol: a negative power of ten, or with 0x80 of two
     * @param offsetSeconds if_tsoffset
     */
    public PcapngWriter networkInterface(int linkType, int snaplen, int resolution, long offsetSeconds) {
        ByteBuffer options = buffer(24);
        options.putShort((short) OPTION_RESOLUTION).putShort((short) 1).put((byte) resolution);
        options.position(8);
        options.putShort((short) OPTION_OFFSET_SECONDS).putShort((short) 8).putLong(offsetSeconds);
        options.putInt(0);
        return block(INTERFACE, interfaceBody(linkType, snaplen, options.array()));
    }

    private byte[] interfaceBody(int linkType, int snaplen, byte[] options) {
        ByteBuffer body = buffer(8 + options.length);
        body.putShort((short) linkType).putShort((short) 0).putInt(snaplen).put(options);
        return body.array();
    }

    /** An enhanced packet block. */
    public PcapngWriter packet(int networkInterface, long timestamp, byte[] frame) {
        return packet(networkInterface, timestamp, frame, frame.length);
    }

    public PcapngWriter packet(int networkInterface, long timestamp, byte[] frame, int originalLength) {
        return packet(networkInterface, timestamp, frame, frame.length, originalLength, 0);
    }

    /** An enhanced packet block whose header may say anything, with a comment of so many bytes (a multiple of 4). */
    public PcapngWriter packet(
            int networkInterface, long timestamp, byte[] frame, int captured, int originalLength, int comment) {
        ByteBuffer body = buffer(20 + padded(frame.length) + comment);
        body.putInt(networkInterface).putInt((int) (timestamp >>> 32)).putInt((int) timestamp);
        body.putInt(captured).putInt(originalLength).put(frame);
        return block(PACKET, body.array());
    }

    public PcapngWriter simplePacket(byte[] frame, int originalLength) {
        ByteBuffer body = buffer(4 + padded(frame.length));
        body.putInt(originalLength).put(frame);
        return block(SIMPLE_PACKET, body.array());
    }

    /** The obsolete packet block. */
    public PcapngWriter oldPacket(int networkInterface, long timestamp, byte[] frame, int originalLength) {
        ByteBuffer body = buffer(20 + padded(frame.length));
        body.putShort((short) networkInterface).putShort((short) 7);
        body.putInt((int) (timestamp >>> 32)).putInt((int) timestamp);
        body.putInt(frame.length).putInt(originalLength).put(frame);
        return block(OLD_PACKET, body.array());
    }

    /** Any block; the body is padded to a multiple of 4. */
    public PcapngWriter block(int type, byte[] body) {
        int length = 12 + padded(body.length);
        ByteBuffer block = buffer(length);
        block.putInt(type).putInt(length).put(body).position(length - 4);
        block.putInt(length);
        return raw(block.array());
    }

    public PcapngWriter raw(byte... bytes) {
        out.writeBytes(bytes);
        return this;
    }

    private ByteBuffer buffer(int length) {
        return ByteBuffer.allocate(length).order(order);
    }

    private static int padded(int length) {
        return (length + 3) & ~3;
    }

    public byte[] bytes() {
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
