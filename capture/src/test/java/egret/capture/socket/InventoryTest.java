// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class InventoryTest {
    private static final int OWN = (int) ProcessHandle.current().pid();

    private final Told told = new Told();

    @BeforeEach
    void needsProc() {
        assumeTrue(Files.isReadable(Path.of("/proc/self/net/tcp")), "needs /proc of Linux");
    }

    @Test
    void tellsOfTheConnectionsThatExist() throws Exception {
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        try (ServerSocket server = new ServerSocket(0, 5, loopback);
                Socket client = new Socket(loopback, server.getLocalPort());
                Socket accepted = server.accept();
                DatagramSocket datagrams = new DatagramSocket()) {
            datagrams.connect(new InetSocketAddress(loopback, 9));
            try (Inventory inventory = Inventory.once()) {
                assertThat(told.until(inventory, inventory::idle)).isTrue();
            }
            assertThat(told.process(client.getLocalPort()).pid()).isEqualTo(OWN);
            assertThat(told.process(client.getLocalPort()).method()).isEqualTo("proc");
            assertThat(told.process(datagrams.getLocalPort()).pid()).isEqualTo(OWN);
            assertThat(told.process(accepted.getLocalPort()))
                    .as("opened by the other side")
                    .isNull();
        }
    }

    @Test
    void looksAgainWhenConnectionsBeginAndTellsEachOnce() throws Exception {
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        try (ServerSocket server = new ServerSocket(0, 5, loopback);
                Inventory inventory = Inventory.open();
                Socket before = new Socket(loopback, server.getLocalPort())) {
            assertThat(told.until(inventory, inventory::idle)).isTrue();
            try (Socket client = new Socket(loopback, server.getLocalPort())) {
                inventory.opened(new SocketEvent(), told);
                assertThat(told.until(inventory, () -> told.process(client.getLocalPort()) != null))
                        .isTrue();
                assertThat(told.process(client.getLocalPort()).pid()).isEqualTo(OWN);
            }
            assertThat(told.connections)
                    .filteredOn(c -> c.sourcePort() == before.getLocalPort())
                    .hasSize(1);
        }
    }
}
