// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SocketSourcesTest {
    private static final int OWN = (int) ProcessHandle.current().pid();

    private final Told told = new Told();

    @ParameterizedTest
    @EnumSource(Way.class)
    void eachWayNamesAConnection(Way way) throws Exception {
        try (SocketSources sources = open(way.method())) {
            namesAConnection(sources);
            assertThat(sources.method()).isEqualTo(way.method());
            assertThat(sources.probe().methods())
                    .filteredOn(m -> m.state() == Probe.State.USED)
                    .extracting(Probe.Method::name)
                    .containsExactly(way.method());
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void eachWayNamesTheSenderOfDatagrams(Way way) throws Exception {
        try (SocketSources sources = open(way.method());
                DatagramSocket server = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
                DatagramSocket client = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0))) {
            client.connect(server.getLocalSocketAddress());
            client.send(new DatagramPacket(new byte[3], 3));
            SocketEvent seen = Told.seen(
                    (InetSocketAddress) client.getLocalSocketAddress(),
                    (InetSocketAddress) server.getLocalSocketAddress(),
                    true);
            sources.poll(told);
            sources.opened(seen, told);

            assertThat(told.until(sources, () -> told.process(client.getLocalPort()) != null))
                    .isTrue();
            assertThat(told.process(client.getLocalPort()).pid()).isEqualTo(OWN);
        }
    }

    @Test
    void autoTakesTheFirstThatWorks() throws Exception {
        Probe all = Probe.ofAll();
        Probe.Method first = all.methods().stream()
                .filter(m -> m.state() != Probe.State.FAILED)
                .findFirst()
                .orElse(null);
        assumeTrue(first != null, () -> "nothing works here: " + all);

        try (SocketSources sources = SocketSources.open(SocketSources.AUTO)) {
            assertThat(sources.method()).isEqualTo(first.name());
            assertThat(first.state()).isEqualTo(Probe.State.USED);
            namesAConnection(sources);
        }
        for (Probe.Method method : all.methods()) {
            if (method.state() == Probe.State.FAILED) {
                assertThat(method.sentence()).endsWith(".");
            }
        }
    }

    @Test
    void findsConnectionsThatBeganBefore() throws Exception {
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        try (ServerSocket server = new ServerSocket(0, 5, loopback);
                Socket client = new Socket(loopback, server.getLocalPort());
                SocketSources sources = SocketSources.open(SocketSources.AUTO)) {
            assertThat(told.until(sources, () -> told.process(client.getLocalPort()) != null))
                    .isTrue();
            assertThat(told.process(client.getLocalPort()).pid()).isEqualTo(OWN);
            assertThat(told.process(client.getLocalPort()).method()).isEqualTo("proc");
        }
    }

    @Test
    void offAsksNobody() throws Exception {
        try (SocketSources sources = SocketSources.open(SocketSources.OFF)) {
            sources.poll(told);
            sources.opened(new SocketEvent(), told);
            assertThat(sources.method()).isEqualTo("off");
            assertThat(sources.lost()).isZero();
            assertThat(told.connections).isEmpty();
        }
    }

    @Test
    void refusesAnotherWord() {
        assertThatThrownBy(() -> SocketSources.open("magic"))
                .isInstanceOf(SocketSourceException.class)
                .hasMessageContaining("magic")
                .hasMessageContaining("sock-diag");
    }

    private void namesAConnection(SocketSources sources) throws Exception {
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        try (ServerSocket server = new ServerSocket(0, 5, loopback);
                Socket client = new Socket(loopback, server.getLocalPort())) {
            SocketEvent seen = Told.seen(
                    (InetSocketAddress) client.getLocalSocketAddress(),
                    (InetSocketAddress) client.getRemoteSocketAddress(),
                    false);
            sources.poll(told);
            sources.opened(seen, told);

            assertThat(told.until(sources, () -> told.process(client.getLocalPort()) != null))
                    .isTrue();
            assertThat(told.process(client.getLocalPort()).pid()).isEqualTo(OWN);
            assertThat(told.process(client.getLocalPort()).inferred()).isFalse();
        }
    }

    private static SocketSources open(String choice) {
        try {
            return SocketSources.open(choice);
        } catch (SocketSourceException e) {
            assumeTrue(false, choice + ": " + e.getMessage());
            throw new AssertionError(e);
        }
    }
}
