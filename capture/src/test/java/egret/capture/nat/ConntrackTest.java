// SPDX-License-Identifier: Apache-2.0
package egret.capture.nat;

import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.linux.Libc;
import egret.capture.linux.NetlinkMessages;
import egret.capture.linux.NetlinkSocket;
import egret.rules.IpAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What connection tracking tells of real connections through a real NAT, against what their ends know. */
final class ConntrackTest {
    private static final int BUFFER = 8 << 20;
    private static final long SECOND = 1_000_000_000L;

    private final AtomicLong nanos = new AtomicLong();
    private final OriginalSource source = new OriginalSource();
    private NatNetwork network;
    private ServerSocket server;

    @BeforeEach
    void build() throws Exception {
        network = new NatNetwork();
        server = network.server();
    }

    @AfterEach
    void remove() throws Exception {
        if (network != null) {
            network.close();
        }
    }

    private Conntrack open(int bufferBytes) throws Exception {
        return network.in("nat", () -> Conntrack.open(bufferBytes, 1 << 12, nanos::get));
    }

    private Tracked ask(Conntrack conntrack, boolean udp, InetSocketAddress seen, InetSocketAddress server) {
        IpAddress from = IpAddress.parse(seen.getAddress().getHostAddress().replaceAll("%.*", ""));
        IpAddress to = IpAddress.parse(server.getAddress().getHostAddress().replaceAll("%.*", ""));
        return conntrack.original(
                udp, from.high(), from.low(), seen.getPort(), to.high(), to.low(), server.getPort(), source);
    }

    private void assertTranslated(Conntrack conntrack, boolean udp, NatNetwork.Truth truth) {
        assertThat(ask(conntrack, udp, truth.seen(), truth.server()))
                .as("%s", truth)
                .isEqualTo(Tracked.TRANSLATED);
        IpAddress client =
                IpAddress.parse(truth.client().getAddress().getHostAddress().replaceAll("%.*", ""));
        assertThat(new IpAddress(source.high, source.low)).isEqualTo(client);
        assertThat(source.port).isEqualTo(truth.client().getPort());
    }

    private List<NatNetwork.Truth> connections(int count) throws Exception {
        List<NatNetwork.Truth> truths = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            truths.add(network.connect("client", server, NatNetwork.CLIENT_ONE, 20_000 + i, NatNetwork.SERVER));
            truths.add(network.connect("client", server, NatNetwork.CLIENT_TWO, 20_000 + i, NatNetwork.SERVER));
        }
        return truths;
    }

    @Test
    void tellsClientsWithTheSamePortsApartBehindMasquerade() throws Exception {
        network.translate("iptables", "-o", "o0", "-j", "MASQUERADE");
        try (Conntrack conntrack = open(BUFFER)) {
            assertThat(conntrack.state()).isEqualTo("by netlink events");
            List<NatNetwork.Truth> truths = connections(20);
            conntrack.poll();
            assertThat(truths)
                    .anyMatch(truth -> truth.seen().getPort() != truth.client().getPort());
            truths.forEach(truth -> assertTranslated(conntrack, false, truth));
            assertThat(conntrack.counts()).isEqualTo(new ConntrackCounts(40, 0, 0, 0, 0, 0));
        }
    }

    @Test
    void knowsConnectionsFromBeforeTheStart() throws Exception {
        network.translate("iptables", "-o", "o0", "-j", "MASQUERADE");
        List<NatNetwork.Truth> truths = connections(5);
        try (Conntrack conntrack = open(BUFFER)) {
            truths.forEach(truth -> assertTranslated(conntrack, false, truth));
            assertThat(conntrack.counts().queries()).isZero();
        }
    }

    @Test
    void readsPortsThatTheNatChose() throws Exception {
        network.translate("iptables", "-p", "tcp", "-o", "o0", "-j", "MASQUERADE", "--to-ports", "50000-50100");
        try (Conntrack conntrack = open(BUFFER)) {
            List<NatNetwork.Truth> truths = connections(5);
            conntrack.poll();
            assertThat(truths).allMatch(truth -> truth.seen().getPort() >= 50_000);
            truths.forEach(truth -> assertTranslated(conntrack, false, truth));
        }
    }

    @Test
    void readsAPoolOfAddresses() throws Exception {
        network.ip("nat", "address", "add", "203.0.113.6/24", "dev", "o0");
        network.translate("iptables", "-o", "o0", "-j", "SNAT", "--to-source", "203.0.113.5-203.0.113.6");
        try (Conntrack conntrack = open(BUFFER)) {
            List<NatNetwork.Truth> truths = connections(5);
            conntrack.poll();
            truths.forEach(truth -> assertTranslated(conntrack, false, truth));
        }
    }

    @Test
    void readsVersionSix() throws Exception {
        network.translate("ip6tables", "-o", "o0", "-j", "MASQUERADE");
        try (Conntrack conntrack = open(BUFFER)) {
            NatNetwork.Truth truth = network.connect("client", server, NatNetwork.CLIENT_SIX, 0, NatNetwork.SERVER_SIX);
            conntrack.poll();
            assertTranslated(conntrack, false, truth);
        }
        try (Conntrack late = open(BUFFER)) {
            NatNetwork.Truth unpolled =
                    network.connect("client", server, NatNetwork.CLIENT_SIX, 0, NatNetwork.SERVER_SIX);
            assertTranslated(late, false, unpolled);
        }
    }

    @Test
    void readsDatagrams() throws Exception {
        network.translate("iptables", "-o", "o0", "-j", "MASQUERADE");
        try (Conntrack conntrack = open(BUFFER)) {
            NatNetwork.Truth truth = network.datagram(NatNetwork.CLIENT_TWO, 4000, NatNetwork.SERVER);
            conntrack.poll();
            assertTranslated(conntrack, true, truth);
            assertThat(ask(conntrack, false, truth.seen(), truth.server())).isEqualTo(Tracked.UNKNOWN);
        }
    }

    @Test
    void tellsTheNatsOwnConnectionsApart() throws Exception {
        network.translate("iptables", "-o", "o0", "-j", "MASQUERADE");
        try (Conntrack conntrack = open(BUFFER)) {
            assertTranslated(conntrack, false, polled(conntrack, connections(1).get(0)));
            NatNetwork.Truth own = network.connect("nat", server, NatNetwork.NAT, 0, NatNetwork.SERVER);
            conntrack.poll();
            assertThat(ask(conntrack, false, own.seen(), own.server())).isEqualTo(Tracked.OWN);
            assertThat(conntrack.counts().queries()).isZero();
        }
    }

    private static NatNetwork.Truth polled(Conntrack conntrack, NatNetwork.Truth truth) {
        conntrack.poll();
        return truth;
    }

    @Test
    void takesTheInsideCopyAsItIs() throws Exception {
        network.translate("iptables", "-o", "o0", "-j", "MASQUERADE");
        try (Conntrack conntrack = open(BUFFER)) {
            NatNetwork.Truth truth = polled(conntrack, connections(1).get(0));
            assertThat(ask(conntrack, false, truth.client(), truth.server())).isEqualTo(Tracked.UNCHANGED);
            assertThat(source.port).isEqualTo(truth.client().getPort());
            assertThat(conntrack.counts().queries()).isZero();
        }
    }

    @Test
    void asksForWhatWasNotPolledYet() throws Exception {
        network.translate("iptables", "-o", "o0", "-j", "MASQUERADE");
        try (Conntrack conntrack = open(BUFFER)) {
            polled(conntrack, connections(1).get(0));
            NatNetwork.Truth late = network.connect("client", server, NatNetwork.CLIENT_ONE, 0, NatNetwork.SERVER);
            assertTranslated(conntrack, false, late);
            assertThat(conntrack.counts().queries()).isEqualTo(1);
        }
    }

    @Test
    void makesUpForAnOverrun() throws Exception {
        network.translate("iptables", "-o", "o0", "-j", "MASQUERADE");
        try (Conntrack conntrack = open(1)) {
            List<NatNetwork.Truth> truths = connections(30);
            nanos.addAndGet(3 * SECOND);
            for (int i = 0; i < 10; i++) {
                nanos.addAndGet(SECOND / 100);
                conntrack.poll();
            }
            assertThat(conntrack.counts().overruns()).isPositive();
            truths.forEach(truth -> assertTranslated(conntrack, false, truth));
            assertThat(conntrack.counts().queries()).as("all told by the dump").isZero();
        }
    }

    @Test
    void saysUnknownWhenTheTableWasFlushed() throws Exception {
        network.translate("iptables", "-o", "o0", "-j", "MASQUERADE");
        try (Conntrack conntrack = open(BUFFER)) {
            NatNetwork.Truth truth = polled(conntrack, connections(1).get(0));
            network.in("nat", ConntrackTest::flush);
            assertTranslated(conntrack, false, truth);
            nanos.addAndGet((TranslationTable.LIFE_MILLIS + 1) * 1_000_000);
            conntrack.poll();
            assertThat(ask(conntrack, false, truth.seen(), truth.server())).isEqualTo(Tracked.UNKNOWN);
            NatNetwork.Truth next = network.connect("client", server, NatNetwork.CLIENT_TWO, 0, NatNetwork.SERVER);
            conntrack.poll();
            assertTranslated(conntrack, false, next);
        }
    }

    private static boolean flush() throws Exception {
        try (NetlinkSocket socket = NetlinkSocket.open(NetlinkSocket.NETFILTER)) {
            ByteBuffer message = NetlinkSocket.buffer(20);
            int delete = 0x102;
            NetlinkMessages.header(message, 20, delete, NetlinkMessages.NLM_F_REQUEST | NetlinkMessages.NLM_F_ACK, 1);
            assertThat(socket.send(message, 20)).isTrue();
            return true;
        }
    }

    @Test
    void asksEachTimeWhereEventsAreSwitchedOff() throws Exception {
        network.translate("iptables", "-o", "o0", "-j", "MASQUERADE");
        network.write("nat", "/proc/sys/net/netfilter/nf_conntrack_events", "0");
        try (Conntrack conntrack = open(BUFFER)) {
            assertThat(conntrack.state()).isEqualTo("by netlink queries (nf_conntrack_events is off)");
            List<NatNetwork.Truth> truths = connections(2);
            conntrack.poll();
            truths.forEach(truth -> assertTranslated(conntrack, false, truth));
            assertThat(ask(
                            conntrack,
                            false,
                            truths.get(0).client(),
                            truths.get(0).server()))
                    .isEqualTo(Tracked.UNKNOWN);
        }
    }

    @Test
    void boundsTheQueriesOfASecond() throws Exception {
        network.translate("iptables", "-o", "o0", "-j", "MASQUERADE");
        try (Conntrack conntrack = open(BUFFER)) {
            NatNetwork.Truth truth = polled(conntrack, connections(1).get(0));
            InetSocketAddress none = new InetSocketAddress(truth.seen().getAddress(), 9);
            for (int i = 0; i < 5000; i++) {
                assertThat(ask(conntrack, false, none, truth.server())).isEqualTo(Tracked.UNKNOWN);
            }
            assertThat(conntrack.counts().queries()).isEqualTo(2000);
            assertThat(conntrack.counts().unanswered()).isEqualTo(3000);
            nanos.addAndGet(SECOND);
            conntrack.poll();
            ask(conntrack, false, none, truth.server());
            assertThat(conntrack.counts().queries()).isEqualTo(2001);
        }
    }

    @Test
    void readsTheFileWhereNetlinkIsNotPermitted() throws Exception {
        network.translate("iptables", "-o", "o0", "-j", "MASQUERADE");
        List<NatNetwork.Truth> truths = connections(3);
        try (Conntrack conntrack = network.in("nat", () -> {
            dropCapabilities();
            return Conntrack.open(BUFFER, 1 << 12, nanos::get);
        })) {
            assertThat(conntrack.state())
                    .isEqualTo("by /proc/net/nf_conntrack, once a second, as reading connection tracking needs"
                            + " CAP_NET_ADMIN (or root)");
            long deadline = System.nanoTime() + 20 * SECOND;
            while (conntrack.counts().translated() < truths.size() && System.nanoTime() < deadline) {
                conntrack.poll();
                Thread.onSpinWait();
            }
            truths.forEach(truth -> assertTranslated(conntrack, false, truth));
            assertThat(conntrack.counts().damaged()).isZero();
        }
    }

    /** Of this thread alone, which ends here. */
    private static void dropCapabilities() {
        boolean arm = System.getProperty("os.arch").equals("aarch64");
        ByteBuffer header = NetlinkSocket.buffer(8).putInt(0, 0x20080522);
        ByteBuffer none = NetlinkSocket.buffer(24);
        long result = Libc.syscall(arm ? 91 : 126, Libc.address(header), Libc.address(none), 0, 0, 0);
        assertThat(result).as("capset").isZero();
    }
}
