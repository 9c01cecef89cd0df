// SPDX-License-Identifier: Apache-2.0
package egret.capture;

import egret.capture.decode.FrameBuilder;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A frame in which a resolver answers with one IPv4 address. */
final class DnsAnswer {
    private DnsAnswer() {}

    static FrameBuilder of(String name, String address) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0, 7, (byte) 0x81, (byte) 0x80, 0, 1, 0, 1, 0, 0, 0, 0});
        for (String label : name.split("\\.")) {
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.writeBytes(new byte[] {0, 0, 1, 0, 1});
        ByteBuffer answer = ByteBuffer.allocate(16);
        answer.putShort((short) 0xc00c)
                .putShort((short) 1)
                .putShort((short) 1)
                .putInt(60)
                .putShort((short) 4);
        for (String part : address.split("\\.")) {
            answer.put((byte) Integer.parseInt(part));
        }
        out.writeBytes(answer.array());
        return FrameBuilder.udp(53, 30_000, out.toByteArray())
                .ipv4("10.0.0.53", "10.0.1.11")
                .ethernet();
    }
}
