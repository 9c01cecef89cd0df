// SPDX-License-Identifier: Apache-2.0
package egret.capture.decode;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** Byte arrays of frames, put together. */
final class Bytes {
    private Bytes() {}

    /** An IPv4 address, or an IPv6 one with all its eight groups or with one "::". */
    static byte[] address(String text) {
        try {
            return InetAddress.getByName(text).getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    static byte[] join(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer all = ByteBuffer.allocate(length);
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    static byte[] two(int value) {
        return new byte[] {(byte) (value >> 8), (byte) value};
    }

    static byte[] four(int value) {
        return join(two(value >>> 16), two(value));
    }
}
