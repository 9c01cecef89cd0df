// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.pcap.RawPacket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FromNowTest {
    private static final long SECOND = 1_000_000_000L;

    private final List<Long> packets = new ArrayList<>();
    private final List<Long> times = new ArrayList<>();

    private final LiveListener listener = new LiveListener() {
        @Override
        public void packet(RawPacket packet) {
            packets.add(packet.timestampNanos);
        }

        @Override
        public void beforePackets() {}

        @Override
        public void time(long nanos) {
            times.add(nanos);
        }
    };

    @Test
    void neitherPacketsNorTimeAreOfBeforeItsBeginning() {
        long before = LiveClock.now();
        FromNow capture = new FromNow(listener);
        RawPacket packet = new RawPacket();
        packet.timestampNanos = before - SECOND;
        capture.packet(packet);
        packet.timestampNanos = before + SECOND;
        capture.packet(packet);
        capture.time(before - SECOND / 10);
        capture.time(before + SECOND);

        assertThat(packets).containsExactly(before + SECOND);
        assertThat(times).hasSize(2).allMatch(time -> time >= before && time <= before + SECOND);
        assertThat(times.get(1)).isEqualTo(before + SECOND);
    }
}
