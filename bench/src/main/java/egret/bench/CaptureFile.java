// SPDX-License-Identifier: Apache-2.0
package egret.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;

/** A capture being written: pcap, or pcapng with one interface; little-endian, Ethernet, microseconds. */
final class CaptureFile implements Wire, AutoCloseable {
    enum Format {
        PCAP,
        PCAPNG
    }

    private static final int BUFFER = 1 << 20;
    private static final int SNAPLEN = 262_144;
    private static final int ETHERNET = 1;

    private final WritableByteChannel channel;
    private final Format format;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    private long packets;
    private long bytes;

    CaptureFile(WritableByteChannel channel, Format format) {
        this.channel = channel;
        this.format = format;
        if (format == Format.PCAP) {
            buffer.putInt(0xa1b2_c3d4).putShort((short) 2).putShort((short) 4);
            buffer.putInt(0).putInt(0).putInt(SNAPLEN).putInt(ETHERNET);
        } else {
            buffer.putInt(0x0a0d_0d0a).putInt(28).putInt(0x1a2b_3c4d);
            buffer.putShort((short) 1).putShort((short) 0).putLong(-1).putInt(28);
            buffer.putInt(1).putInt(20).putInt(ETHERNET).putInt(SNAPLEN).putInt(20);
        }
        bytes = buffer.position();
    }

    @Override
    public void write(long micros, byte[] frame, int length) throws IOException {
        int before = room(length + 64);
        if (format == Format.PCAP) {
            buffer.putInt((int) (micros / 1_000_000)).putInt((int) (micros % 1_000_000));
            buffer.putInt(length).putInt(length).put(frame, 0, length);
        } else {
            int padded = (length + 3) & ~3;
            buffer.putInt(6).putInt(32 + padded).putInt(0);
            buffer.putInt((int) (micros >>> 32))
                    .putInt((int) micros)
                    .putInt(length)
                    .putInt(length);
            buffer.put(frame, 0, length);
            for (int i = length; i < padded; i++) {
                buffer.put((byte) 0);
            }
            buffer.putInt(32 + padded);
        }
        bytes += buffer.position() - before;
        packets++;
    }

    @Override
    public long packets() {
        return packets;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    private int room(int needed) throws IOException {
        if (buffer.remaining() < needed) {
            flush();
        }
        return buffer.position();
    }

    private void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    @Override
    public void close() throws IOException {
        flush();
        channel.close();
    }
}
