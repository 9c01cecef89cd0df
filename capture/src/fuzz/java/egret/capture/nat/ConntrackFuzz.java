// SPDX-License-Identifier: Apache-2.0
package egret.capture.nat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import egret.capture.linux.NetlinkMessages;
import egret.capture.linux.NetlinkSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** What the kernel sends of connection tracking, as a message and as a line. */
class ConntrackFuzz {
    private final NetlinkMessages messages = new NetlinkMessages();
    private final ConntrackMessage message = new ConntrackMessage();
    private final ConntrackLine line = new ConntrackLine();

    static Stream<byte[]> seeds() {
        Tuple tuple = new Tuple();
        tuple.set(Tuple.TCP, 0, Tuple.ipv4(0xc633_640a), 443, 0, Tuple.ipv4(0xcb00_7105), 50_000);
        ByteBuffer request = NetlinkSocket.buffer(ConntrackRequests.LARGEST);
        byte[] bytes = new byte[ConntrackRequests.query(request, tuple, 1)];
        request.get(0, bytes);
        String text = "ipv4 2 tcp 6 117 SYN_SENT src=10.0.1.11 dst=198.51.100.10 sport=40000 dport=443 [UNREPLIED]"
                + " src=198.51.100.10 dst=203.0.113.5 sport=443 dport=1024 mark=0 use=2";
        return Stream.of(bytes, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "60s")
    void reads(byte[] bytes) {
        line.parse(bytes, 0, bytes.length);
        ByteBuffer buffer = NetlinkSocket.buffer(bytes.length).put(0, bytes);
        messages.over(buffer, bytes.length);
        while (messages.next()) {
            if (message.parse(buffer, messages.body(), messages.end()) == ConntrackMessage.Outcome.CONNECTION
                    && message.reply.ports() == 0) {
                throw new AssertionError("a connection without ports and protocol");
            }
        }
    }
}
