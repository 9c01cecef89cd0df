// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A file, pipe or standard input as it is. */
final class PlainInput implements ByteInput {
    private final FileChannel channel;
    private long position;

    private PlainInput(FileChannel channel) {
        this.channel = channel;
    }

    static PlainInput ofFile(String path) throws IOException {
        // Closing the channel closes the stream.
        return new PlainInput(new FileInputStream(path).getChannel());
    }

    static PlainInput ofStandardInput() {
        return new PlainInput(new FileInputStream(FileDescriptor.in).getChannel());
    }

    FileChannel channel() {
        return channel;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int count = channel.read(target);
        if (count > 0) {
            position += count;
        }
        return count;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public boolean cut() {
        return false;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
