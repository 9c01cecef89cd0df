// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import egret.capture.linux.Privileges;
import egret.capture.live.LiveException.Problem;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LiveCaptureTest extends OnTestNetwork {
    @ParameterizedTest
    @EnumSource(LiveOptions.Engine.class)
    void seesEveryPacketOnce(LiveOptions.Engine engine) throws Exception {
        assertEngine(engine);
        try (Captured captured = start(RIGHT.with(engine))) {
            long before = System.currentTimeMillis() * 1_000_000L - 1_000_000L;
            network.send(5_000, 200);
            assertThat(Captured.eventually(() -> captured.datagrams >= 5_000)).isTrue();
            captured.stop();
            assertThat(captured.outcome.stopped()).isTrue();
            assertThat(captured.datagrams).isEqualTo(5_000);
            assertThat(captured.bytes).isEqualTo(5_000L * (14 + Captured.IP_AND_UDP + 200));
            assertThat(captured.lastLinkType).isEqualTo(1);
            assertThat(captured.lastCaptured).isEqualTo(captured.lastOriginal);
            assertThat(captured.lastInterface).isEqualTo(index("right0"));
            assertThat(captured.numbered).isTrue();
            assertThat(captured.lastStamp).isBetween(before, System.currentTimeMillis() * 1_000_000L + 1_000_000L);
            LiveStatistics statistics = captured.capture.statistics();
            assertThat(statistics.received()).isEqualTo(captured.datagrams + captured.others);
            assertThat(statistics.dropped()).isZero();
            assertThat(statistics.interfaceDropped()).isZero();
            assertThat(statistics.foreign()).isZero();
        }
    }

    private int index(String name) throws Exception {
        return TestNetwork.on(
                network.right,
                () -> Interfaces.here().found().stream()
                        .filter(found -> found.name().equals(name))
                        .findFirst()
                        .orElseThrow()
                        .index());
    }

    @ParameterizedTest
    @EnumSource(LiveOptions.Engine.class)
    void stopsWithoutTraffic(LiveOptions.Engine engine) throws Exception {
        assertEngine(engine);
        try (Captured captured = start(RIGHT.with(engine))) {
            assertThat(Captured.eventually(() -> captured.times > 3)).isTrue();
            assertThat(captured.stop()).as("milliseconds").isLessThan(1_000);
            assertThat(captured.outcome).isEqualTo(new LiveOutcome(true, "Stopped."));
        }
    }

    @ParameterizedTest
    @EnumSource(LiveOptions.Engine.class)
    void timeGoesOnWithoutTraffic(LiveOptions.Engine engine) throws Exception {
        assertEngine(engine);
        try (Captured captured = start(RIGHT.with(engine))) {
            assertThat(Captured.eventually(() -> captured.times > 0)).isTrue();
            long from = captured.lastTime;
            assertThat(Captured.eventually(() -> captured.lastTime > from + 2 * LiveClock.STEP))
                    .isTrue();
            network.send(10, 40);
            assertThat(Captured.eventually(() -> captured.datagrams == 10)).isTrue();
            long times = captured.times;
            assertThat(Captured.eventually(() -> captured.times > times + 2)).isTrue();
            assertThat(captured.backwards).isZero();
        }
    }

    /** The kernel has counted them by then, whether it has handed their block over or not. */
    @Test
    void aStopComesAfterThePacketsThatTheKernelIsGathering() throws Exception {
        try (Captured captured = start(RIGHT.with(LiveOptions.Engine.RING).waiting(800))) {
            network.send(10, 40);
            assertThat(Captured.eventually(() -> captured.capture.statistics().received() >= 10))
                    .isTrue();
            captured.stop();
            assertThat(captured.datagrams).isEqualTo(10);
        }
    }

    @Test
    void cutsPacketsAtSnaplen() throws Exception {
        LiveOptions options = new LiveOptions(List.of("right0"), 60, 8 << 20, LiveOptions.Engine.RING, true, null);
        try (Captured captured = start(options)) {
            network.send(10, 500);
            assertThat(Captured.eventually(() -> captured.datagrams == 10)).isTrue();
            assertThat(captured.lastCaptured).isEqualTo(60);
            assertThat(captured.lastOriginal).isEqualTo(542);
        }
    }

    @Test
    void anyHasAllInterfacesAndLoopbackOnce() throws Exception {
        try (Captured captured = start(LiveOptions.of(LiveOptions.ANY).with(LiveOptions.Engine.RING))) {
            network.send(100, 50);
            assertThat(Captured.eventually(() -> captured.datagrams == 100)).isTrue();
            TestNetwork.on(network.right, () -> {
                byte[] bytes = new byte[30];
                try (java.net.DatagramSocket sink = new java.net.DatagramSocket(TestNetwork.PORT);
                        java.net.DatagramSocket socket = new java.net.DatagramSocket()) {
                    for (int i = 0; i < 100; i++) {
                        socket.send(new java.net.DatagramPacket(
                                bytes, 30, java.net.InetAddress.getLoopbackAddress(), TestNetwork.PORT));
                    }
                    return sink.isBound();
                }
            });
            assertThat(Captured.eventually(() -> captured.datagrams >= 200)).isTrue();
            captured.stop();
            assertThat(captured.datagrams).isEqualTo(200);
            assertThat(captured.lastInterface).isEqualTo(1);
            assertThat(captured.capture.statistics().received()).isEqualTo(captured.datagrams + captured.others);
        }
    }

    @ParameterizedTest
    @EnumSource(LiveOptions.Engine.class)
    void severalInterfacesAreOneStream(LiveOptions.Engine engine) throws Exception {
        assertEngine(engine);
        network.in(network.right, "link", "add", "second0", "type", "veth", "peer", "name", "second1");
        network.in(network.right, "link", "set", "second0", "up");
        network.in(network.right, "link", "set", "second1", "up");
        try (Captured captured = start(LiveOptions.of("right0", "second0", "lo").with(engine))) {
            network.send(1_000, 100);
            assertThat(Captured.eventually(() -> captured.datagrams == 1_000)).isTrue();
            assertThat(captured.numbered).isTrue();
            assertThat(captured.capture.description()).contains("right0", "second0", "lo");
        }
    }

    @Test
    void allocatesNothingPerPacket() throws Exception {
        try (Captured captured = start(RING)) {
            network.send(5_000, 100); // the first ones load classes
            assertThat(Captured.eventually(() -> captured.datagrams == 5_000)).isTrue();
            captured.allocatedWithinBlocks = 0;
            network.send(20_000, 100);
            assertThat(Captured.eventually(() -> captured.datagrams == 25_000)).isTrue();
            assertThat(captured.blocks).as("blocks of many packets").isLessThan(15_000);
            assertThat(captured.allocatedWithinBlocks).isZero();
        }
    }

    @Test
    void theFilterIsReplacedWhileRunning() throws Exception {
        try (Captured captured = start(RING)) {
            network.send(100, 40);
            assertThat(Captured.eventually(() -> captured.datagrams == 100)).isTrue();
            boolean[] attached = new boolean[3];
            captured.errand = () -> {
                attached[0] = captured.capture.attach(LiveCapture.ALL, new long[] {6}); // return 0: nothing
                attached[2] = captured.capture.attach(LiveCapture.ALL, new long[] {0xffff}); // no instruction
                attached[1] = true;
            };
            assertThat(Captured.eventually(() -> captured.errand == null && attached[1]))
                    .isTrue();
            assertThat(attached).containsExactly(true, true, false);
            network.send(100, 40);
            attached[1] = false;
            captured.errand =
                    () -> attached[1] = captured.capture.attach(captured.lastInterface, SocketFilter.everything(50));
            assertThat(Captured.eventually(() -> attached[1])).isTrue();
            network.send(100, 40);
            assertThat(Captured.eventually(() -> captured.datagrams >= 200)).isTrue();
            captured.stop();
            assertThat(captured.datagrams).isEqualTo(200);
            assertThat(captured.lastCaptured).isEqualTo(50);
        }
    }

    @ParameterizedTest
    @EnumSource(LiveOptions.Engine.class)
    void theUsersFilterDiscards(LiveOptions.Engine engine) throws Exception {
        Assumptions.assumeTrue(Interfaces.here().libpcap() != null, "needs libpcap");
        try (Captured captured =
                start(RIGHT.with(engine).filtered("udp port " + TestNetwork.PORT + " and greater 300"))) {
            network.send(200, 100);
            network.send(200, 400);
            network.send(200, 100);
            network.send(1, 401);
            assertThat(Captured.eventually(() -> captured.datagrams >= 201)).isTrue();
            captured.stop();
            assertThat(captured.datagrams).isEqualTo(201);
            assertThat(captured.others).isZero();
            assertThat(captured.capture.statistics().received()).isEqualTo(201);
        }
    }

    @Test
    void aReplacedFilterStaysBehindTheUsers() throws Exception {
        Assumptions.assumeTrue(Interfaces.here().libpcap() != null, "needs libpcap");
        LiveOptions options = LiveOptions.of(LiveOptions.ANY).filtered("udp and greater 300");
        try (LiveCapture capture = network.open(options)) {
            assertThat(capture.attach(LiveCapture.ALL, SocketFilter.everything(80)))
                    .isTrue();
            try (Captured captured = new Captured(capture)) {
                network.send(50, 100);
                network.send(50, 400);
                assertThat(Captured.eventually(() -> captured.datagrams >= 50)).isTrue();
                captured.stop();
                assertThat(captured.datagrams).isEqualTo(50);
                assertThat(captured.lastCaptured).isEqualTo(80);
            }
        }
    }

    @Test
    void bothEnginesSeeTheSamePackets() throws Exception {
        assertEngine(LiveOptions.Engine.PCAP);
        try (Captured ring = start(RING);
                Captured pcap = start(RIGHT.with(LiveOptions.Engine.PCAP))) {
            assertThat(Captured.eventually(() -> ring.times > 1 && pcap.times > 1))
                    .isTrue();
            network.send(2_000, 300);
            network.stream(20_000_000);
            assertThat(Captured.eventually(() -> ring.all() == pcap.all() && ring.ends >= 2 && pcap.ends >= 2))
                    .isTrue();
            ring.stop();
            pcap.stop();
            assertThat(ring.capture.statistics().dropped()).isZero();
            assertThat(pcap.capture.statistics().dropped()).isZero();
            assertThat(ring.all()).isEqualTo(pcap.all());
            assertThat(ring.longest)
                    .as("large frames of TCP")
                    .isGreaterThan(1514)
                    .isEqualTo(pcap.longest);
            assertThat(ring.digest).as("lengths and first bytes").isEqualTo(pcap.digest);
        }
    }

    @Test
    void countsWhatAFullRingDropsAndGoesOn() throws Exception {
        LiveOptions small = new LiveOptions(List.of("right0"), 2048, 1, LiveOptions.Engine.RING, true, null);
        try (LiveCapture capture = network.open(small)) {
            network.send(6_000, 1_200); // nobody reads: 1 MiB holds about 750
            try (Captured captured = new Captured(capture)) {
                assertThat(Captured.eventually(() -> captured.times > 2)).isTrue();
                long kept = captured.datagrams;
                assertThat(kept).isBetween(300L, 3_000L);
                network.send(500, 1_200);
                assertThat(Captured.eventually(() -> captured.datagrams == kept + 500))
                        .isTrue();
                captured.stop();
                LiveStatistics statistics = captured.capture.statistics();
                assertThat(statistics.dropped()).isEqualTo(6_000 - kept);
                assertThat(statistics.freezes()).isPositive();
                assertThat(statistics.received() - statistics.dropped())
                        .isEqualTo(captured.datagrams + captured.others);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(LiveOptions.Engine.class)
    void whatAListenerThrowsComesOut(LiveOptions.Engine engine) throws Exception {
        assertEngine(engine);
        try (LiveCapture capture = network.open(RIGHT.with(engine))) {
            network.send(5, 40);
            assertThatThrownBy(() -> capture.run(new LiveListener() {
                        @Override
                        public void beforePackets() {}

                        @Override
                        public void time(long nanos) {}

                        @Override
                        public void packet(egret.capture.pcap.RawPacket packet) {
                            throw new IllegalStateException("thrown by the listener");
                        }
                    }))
                    .hasMessage("thrown by the listener");
        }
    }

    @Test
    void saysWhichInterfacesThereAre() {
        LiveException problem = refused(LiveOptions.of("left7"));
        assertThat(problem.problem()).isEqualTo(Problem.NO_SUCH_INTERFACE);
        assertThat(problem)
                .hasMessageMatching("There is no interface \"left7\": choose among .*lo, .*right0.* and any\\.");
    }

    @Test
    void saysWhatIsWrongWithAFilter() {
        Assumptions.assumeTrue(Interfaces.here().libpcap() != null, "needs libpcap");
        for (LiveOptions.Engine engine : LiveOptions.Engine.values()) {
            LiveException problem = refused(RIGHT.with(engine).filtered("tcp prot 80"));
            assertThat(problem.problem()).isEqualTo(Problem.BAD_FILTER);
            assertThat(problem).hasMessage("The filter \"tcp prot 80\" is not understood by libpcap: syntax error.");
        }
    }

    @Test
    void saysWhichPermissionIsMissing() {
        LiveException problem = catchThrowableOfType(
                LiveException.class,
                () -> TestNetwork.on(network.right, () -> {
                    Privileges.drop(0);
                    return LiveCapture.open(RIGHT);
                }));
        assertThat(problem.problem()).isEqualTo(Problem.NO_PERMISSION);
        assertThat(problem.getMessage())
                .startsWith("No permission to capture packets (the capability NET_RAW is missing): ");
    }

    private LiveException refused(LiveOptions options) {
        return catchThrowableOfType(LiveException.class, () -> network.open(options));
    }

    @Test
    void closingWaitsForTheCapture() throws Exception {
        Captured captured = start(RING);
        assertThat(Captured.eventually(() -> captured.times > 0)).isTrue();
        FutureTask<Void> closing = new FutureTask<>(captured::close, null);
        new Thread(closing, "closing").start();
        closing.get(5, java.util.concurrent.TimeUnit.SECONDS);
        assertThat(captured.ended()).isTrue();
        assertThat(captured.outcome.stopped()).isTrue();
        captured.close();
    }
}
