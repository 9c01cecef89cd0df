// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import static org.assertj.core.api.Assertions.assertThat;

import egret.rules.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BpfJoinTest {
    private static final int TCP = 6;
    private static final int UDP = 17;

    private final ByteBuffer record = ByteBuffer.allocateDirect(128).order(ByteOrder.nativeOrder());
    private final BpfJoin join = new BpfJoin("bpf-connect");
    private final RecordedEvents told = new RecordedEvents();

    BpfJoinTest() {
        join.to(told);
    }

    private void process(long cookie, int protocol, int pid, String name) {
        clear();
        record.putInt(BpfRecord.KIND, BpfRecord.PROCESS).putInt(BpfRecord.PROTOCOL, protocol);
        record.putLong(BpfRecord.COOKIE, cookie).putLong(BpfRecord.PROCESS_THREAD, (long) pid << 32 | pid + 1);
        record.putLong(BpfRecord.CGROUP, 77).putInt(BpfRecord.UID, 1000);
        for (int at = 0; at < name.length(); at++) {
            record.put(BpfRecord.COMMAND + at, (byte) name.charAt(at));
        }
        join.record(record, 0, BpfRecord.PROCESS_LENGTH);
    }

    private void tuple(int kind, long cookie, long processThread) {
        clear();
        record.putInt(BpfRecord.KIND, kind).putInt(BpfRecord.FAMILY, BpfRecord.AF_INET);
        record.putLong(BpfRecord.COOKIE, cookie).putLong(BpfRecord.PROCESS_THREAD, processThread);
        record.putLong(BpfRecord.TIME, 5).putInt(BpfRecord.SOURCE_PORT, 40_000);
        record.put(BpfRecord.DESTINATION_PORT + 2, (byte) 1).put(BpfRecord.DESTINATION_PORT + 3, (byte) 0xbb);
        record.put(BpfRecord.SOURCE, new byte[] {(byte) 192, 0, 2, 1});
        record.put(BpfRecord.DESTINATION, new byte[] {(byte) 198, 51, 100, 2});
        record.putInt(BpfRecord.SEQUENCE, 0x1234_5678);
        join.record(record, 0, BpfRecord.TUPLE_LENGTH);
    }

    private void clear() {
        for (int at = 0; at < record.capacity(); at++) {
            record.put(at, (byte) 0);
        }
    }

    @Test
    void tellsAConnectionAtItsSynAndAgainWithItsSequenceNumber() {
        process(9, TCP, 100, "dockerd");
        tuple(BpfRecord.OPENING, 9, 0);
        tuple(BpfRecord.ESTABLISHED, 9, 0);
        String both = "bpf-connect 100/101 uid 1000 cgroup 77 dockerd tcp 192.0.2.1:40000 > 198.51.100.2:443";
        assertThat(told.lines).containsExactly(both, both + " isn 12345678");
    }

    @Test
    void forgetsATcpSocketWhenItsSynIsAnswered() {
        process(9, TCP, 100, "curl");
        tuple(BpfRecord.ESTABLISHED, 9, 0);
        tuple(BpfRecord.OPENING, 9, 0);
        assertThat(told.lines).hasSize(1);
        assertThat(join.unjoined()).isEqualTo(1);
    }

    @Test
    void keepsAUdpSocketForItsNextDestination() {
        process(9, UDP, 100, "chrome");
        tuple(BpfRecord.DATAGRAM, 9, 0);
        tuple(BpfRecord.DATAGRAM, 9, 0);
        assertThat(told.lines)
                .hasSize(2)
                .containsOnly("bpf-connect 100/101 uid 1000 cgroup 77 chrome udp 192.0.2.1:40000 > 198.51.100.2:443");
    }

    @Test
    void takesTheProcessThatComesWithTheAddresses() {
        tuple(BpfRecord.OPENING, 9, 100L << 32 | 102);
        tuple(BpfRecord.ESTABLISHED, 9, 0);
        String both = "bpf-connect 100/102 uid -1 cgroup 0  tcp 192.0.2.1:40000 > 198.51.100.2:443";
        assertThat(told.lines).containsExactly(both, both + " isn 12345678");
    }

    @Test
    void countsAConnectionWithoutProcessOnce() {
        tuple(BpfRecord.OPENING, 9, 0);
        tuple(BpfRecord.ESTABLISHED, 9, 0);
        assertThat(told.lines).isEmpty();
        assertThat(join.unjoined()).isEqualTo(1);
    }

    @Test
    void readsIpv6() {
        process(9, TCP, 1, "x");
        clear();
        record.putInt(BpfRecord.KIND, BpfRecord.OPENING).putInt(BpfRecord.FAMILY, BpfRecord.AF_INET6);
        record.putLong(BpfRecord.COOKIE, 9);
        byte[] address = {0x20, 0x01, 0x0d, (byte) 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7};
        record.put(BpfRecord.SOURCE, address).put(BpfRecord.DESTINATION, address);
        join.record(record, 0, BpfRecord.TUPLE_LENGTH);
        assertThat(told.lines)
                .containsExactly("bpf-connect 1/2 uid 1000 cgroup 77 x tcp [2001:db8::7]:0 > [2001:db8::7]:0");
    }

    @Test
    void holdsNamesThatFillTheirSpaceOrAreNoText() {
        process(1, TCP, 1, "sixteen-letters!and-more");
        tuple(BpfRecord.OPENING, 1, 0);
        process(2, TCP, 2, "\u00ff\u001b");
        tuple(BpfRecord.OPENING, 2, 0);
        assertThat(told.commands).containsExactly("sixteen-letters!", "\ufffd\u001b");
    }

    /** Whatever stands in records, whoever is told is who the last record of the cookie says. */
    @Test
    void joinsLikeAModelDoes() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int[] pids = new int[64];
        for (int round = 0; round < 20_000; round++) {
            int cookie = 1 + random.nextInt(63);
            if (random.nextBoolean()) {
                pids[cookie] = 1 + random.nextInt(30_000);
                process(cookie, TCP, pids[cookie], "n" + pids[cookie] % 2_000);
            } else {
                told.lines.clear();
                boolean answered = random.nextBoolean();
                tuple(answered ? BpfRecord.ESTABLISHED : BpfRecord.OPENING, cookie, 0);
                if (pids[cookie] == 0) {
                    assertThat(told.lines).as("seed " + seed).isEmpty();
                } else {
                    assertThat(told.lines.get(0))
                            .as("seed " + seed)
                            .startsWith("bpf-connect " + pids[cookie] + "/")
                            .contains(" n" + pids[cookie] % 2_000 + " ");
                    pids[cookie] = answered ? 0 : pids[cookie];
                }
            }
        }
    }

    @Test
    void countsRecordsThatAreNoneOfIts() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            clear();
            for (int at = 0; at < 6; at++) {
                record.put(random.nextInt(128), (byte) random.nextInt());
            }
            record.putInt(BpfRecord.KIND, random.nextInt(7) - 1);
            join.record(record, 0, random.nextInt(129));
        }
        assertThat(join.damaged()).as("seed " + seed).isPositive();
    }

    @Test
    void mapsIpv4() {
        process(9, TCP, 1, "x");
        tuple(BpfRecord.OPENING, 9, 0);
        assertThat(new IpAddress(told.last.sourceHigh, told.last.sourceLow)).isEqualTo(IpAddress.parse("192.0.2.1"));
    }
}
