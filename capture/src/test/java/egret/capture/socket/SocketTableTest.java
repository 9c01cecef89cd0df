// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import egret.capture.socket.SocketTable.Outcome;
import egret.rules.IpAddress;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SocketTableTest {
    private static final int ROUNDS = 50_000;
    private static final String HEADING =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
    private static final String LISTENING =
            "   0: 010200C0:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 5024 1 0 100 0";
    private static final String ACCEPTED =
            "   1: 010200C0:1F90 076433C6:C001 01 00000000:00000000 00:00000000 00000000     0        0 5025 1 0";
    private static final String OPENED =
            " 102: 010200C0:9C40 0A6433C6:01BB 01 00000000:00000000 02:000000A0 00000000  1000        0 5026 2 0";
    private static final String TIME_WAIT =
            "   3: 010200C0:9C41 0A6433C6:01BB 06 00000000:00000000 03:00000B0A 00000000     0        0 0 3 0";
    private static final String IPV6 =
            "   0: B80D0120000000000000000001000000:9C42 B80D0120000000000000000002000000:01BB 02"
                    + " 00000001:00000000 01:00000063 00000000 65534        0 5027 2 0";

    private final SocketTable table = new SocketTable();
    private final SocketEvent event = new SocketEvent();

    @TempDir
    Path directory;

    @BeforeEach
    void wordsAreAsOnMostMachines() {
        assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN, "the samples are from a little-endian machine");
    }

    @Test
    void readsAnIpv4Line() {
        assertThat(parse(OPENED)).isEqualTo(Outcome.SOCKET);

        assertThat(new IpAddress(event.sourceHigh, event.sourceLow)).hasToString("192.0.2.1");
        assertThat(event.sourcePort).isEqualTo(40_000);
        assertThat(new IpAddress(event.destinationHigh, event.destinationLow)).hasToString("198.51.100.10");
        assertThat(event.destinationPort).isEqualTo(443);
        assertThat(event.uid).isEqualTo(1000);
        assertThat(table.inode()).isEqualTo(5026);
    }

    @Test
    void readsAnIpv6Line() {
        assertThat(parse(IPV6)).isEqualTo(Outcome.SOCKET);

        assertThat(new IpAddress(event.sourceHigh, event.sourceLow)).hasToString("2001:db8::1");
        assertThat(new IpAddress(event.destinationHigh, event.destinationLow)).hasToString("2001:db8::2");
        assertThat(event.uid).isEqualTo(65_534);
        assertThat(table.inode()).isEqualTo(5027);
    }

    @Test
    void leavesOutWhatOthersOpenedAndWhatIsOver() throws IOException {
        Path file = directory.resolve("tcp");
        Files.writeString(
                file,
                String.join("\n", HEADING, LISTENING, ACCEPTED, OPENED, TIME_WAIT, "", "x".repeat(9000), OPENED)
                        + "\nno line end");
        List<Long> inodes = new ArrayList<>();

        table.read(file.toString(), false, (socket, inode) -> inodes.add(inode));

        assertThat(inodes).containsExactly(5026L, 5026L);
        assertThat(table.damaged()).isEqualTo(2);
    }

    @Test
    void callsEachCutLineDamaged() {
        String whole = OPENED.substring(0, OPENED.indexOf(" 5026 ") + 5);
        assertThat(parse(whole)).isEqualTo(Outcome.SOCKET);
        for (int length = 2; length < whole.length() - 4; length++) {
            assertThat(parse(whole.substring(0, length))).as("length " + length).isEqualTo(Outcome.DAMAGED);
        }
    }

    @Test
    void neverReadsPastTheLineWhateverItSays() {
        byte[] text = IPV6.getBytes(StandardCharsets.US_ASCII);
        for (int seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            byte[] mutated = text.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                mutated[random.nextInt(mutated.length)] = (byte) (random.nextBoolean() ? random.nextInt() : ' ');
            }
            int length = random.nextInt(4) == 0 ? random.nextInt(mutated.length + 1) : mutated.length;
            Outcome outcome = table.parse(mutated, length, event);
            byte[] alone = java.util.Arrays.copyOf(mutated, length);
            assertThat(table.parse(alone, length, event)).as("seed " + seed).isEqualTo(outcome);
            if (outcome == Outcome.SOCKET) {
                assertThat(event.sourcePort).as("seed " + seed).isBetween(0, 65_535);
                assertThat(table.inode()).as("seed " + seed).isNotNegative();
            }
        }
    }

    private Outcome parse(String line) {
        byte[] text = line.getBytes(StandardCharsets.US_ASCII);
        return table.parse(text, text.length, event);
    }
}
