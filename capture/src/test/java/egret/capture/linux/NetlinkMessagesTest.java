// SPDX-License-Identifier: Apache-2.0
package egret.capture.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class NetlinkMessagesTest {
    private static final int ROUNDS = 20_000;

    private final ByteBuffer bytes = NetlinkSocket.buffer(256);
    private final NetlinkMessages messages = new NetlinkMessages();
    private final NetlinkAttributes attributes = new NetlinkAttributes();

    @Test
    void goesFromMessageToMessageAndFromAttributeToAttribute() {
        int first = message(0, 20, 24);
        attribute(20, 5, 8);
        attribute(28, 6 | 0x8000, 5);
        int length = message(first, NetlinkMessages.NLMSG_DONE, 0);

        messages.over(bytes, length);
        assertThat(messages.next()).isTrue();
        assertThat(messages.type()).isEqualTo(20);
        assertThat(messages.bodyBytes()).isEqualTo(24);
        attributes.over(bytes, messages.body() + 4, messages.end());
        assertThat(attributes.next()).isTrue();
        assertThat(attributes.type()).isEqualTo(5);
        assertThat(attributes.valueBytes()).isEqualTo(4);
        assertThat(attributes.next()).isTrue();
        assertThat(attributes.type()).isEqualTo(6);
        assertThat(attributes.valueBytes()).isOne();
        assertThat(attributes.value()).isEqualTo(32);
        assertThat(messages.next()).isTrue();
        assertThat(messages.error()).isZero();
        assertThat(messages.next()).isFalse();
        assertThat(messages.damaged()).isZero();
    }

    @Test
    void readsTheLastMessageWithoutItsPadding() {
        message(0, 20, 5);

        messages.over(bytes, 21);

        assertThat(messages.next()).isTrue();
        assertThat(messages.bodyBytes()).isEqualTo(5);
        assertThat(messages.next()).isFalse();
        assertThat(messages.damaged()).isZero();
    }

    @Test
    void countsAMessageThatClaimsMoreThanWasReceived() {
        message(0, 20, 40);

        assertThat(messages.over(bytes, 40).next()).isFalse();
        assertThat(messages.over(bytes, 10).next()).isFalse();
        bytes.putInt(0, 15);
        assertThat(messages.over(bytes, 40).next()).isFalse();
        bytes.putInt(0, -1);
        assertThat(messages.over(bytes, 40).next()).isFalse();

        assertThat(messages.damaged()).isEqualTo(4);
    }

    @Test
    void tellsTheErrorNumber() {
        message(0, NetlinkMessages.NLMSG_ERROR, 4);
        bytes.putInt(16, -2);
        messages.over(bytes, 20).next();
        assertThat(messages.error()).isEqualTo(Libc.ENOENT);

        bytes.putInt(16, Integer.MIN_VALUE);
        assertThat(messages.error()).isEqualTo(-1);
        bytes.putInt(0, 18);
        messages.over(bytes, 18).next();
        assertThat(messages.error()).isEqualTo(-1);
    }

    @Test
    void neverReadsPastTheEndWhateverTheBytes() {
        for (int seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            int length = random.nextInt(bytes.capacity() + 1);
            for (int at = 0; at < bytes.capacity(); at++) {
                // Mostly small numbers: lengths that nearly fit are the ones that hurt.
                bytes.put(at, (byte) (random.nextInt(3) == 0 ? random.nextInt(64) : 0));
            }
            List<Integer> visited = new ArrayList<>();
            messages.over(bytes, length);
            int before = 0;
            while (messages.next()) {
                assertThat(messages.body()).as("seed " + seed).isGreaterThan(before);
                assertThat(messages.end()).as("seed " + seed).isBetween(messages.body(), length);
                before = messages.body();
                attributes.over(bytes, messages.body(), messages.end());
                int last = 0;
                while (attributes.next()) {
                    assertThat(attributes.value()).as("seed " + seed).isGreaterThan(last);
                    assertThat(attributes.end()).as("seed " + seed).isBetween(attributes.value(), messages.end());
                    last = attributes.value();
                    visited.add(last);
                }
                visited.add(messages.error() + messages.type() + messages.flags() + messages.sequence());
            }
            assertThat(visited).as("seed " + seed).hasSizeLessThan(length + 1);
        }
    }

    @Test
    void hearsWhatTheKernelAnswers() throws IOException {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "netlink needs Linux");
        try (NetlinkSocket socket = NetlinkSocket.open(NetlinkSocket.ROUTE)) {
            assertThat(socket.receive(bytes)).isZero();
            NetlinkMessages.header(bytes, 16, NetlinkMessages.NLMSG_MIN_TYPE - 1, NetlinkMessages.NLM_F_REQUEST | 4, 7);
            assertThat(socket.send(bytes, 16)).isTrue();

            int length = socket.receive(bytes);

            assertThat(messages.over(bytes, length).next()).isTrue();
            assertThat(messages.type()).isEqualTo(NetlinkMessages.NLMSG_ERROR);
            assertThat(messages.sequence()).isEqualTo(7);
            assertThat(messages.error()).isZero();
        }
    }

    private int message(int at, int type, int body) {
        bytes.putInt(at, 16 + body).putShort(at + 4, (short) type);
        return at + 16 + body;
    }

    private void attribute(int at, int type, int length) {
        bytes.putShort(at, (short) length).putShort(at + 2, (short) type);
    }
}
