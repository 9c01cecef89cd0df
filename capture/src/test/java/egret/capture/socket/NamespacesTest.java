// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class NamespacesTest {
    private final SocketEvent stranger =
            Told.seen(new InetSocketAddress("198.51.100.7", 40_000), new InetSocketAddress("203.0.113.1", 443), false);

    @BeforeEach
    void needsNetlink() {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "sockets of the kernel's diagnosis need Linux");
    }

    @Test
    void letsGoOfANamespaceThatNoProcessIsInAnyMore() throws IOException {
        try (Namespaces namespaces = new Namespaces(DiagSocket.open())) {
            DiagSocket first = DiagSocket.open();
            DiagSocket second = DiagSocket.open();
            namespaces.add(new NamespaceSocket(7, first), 100);
            namespaces.add(new NamespaceSocket(8, second), 200);
            namespaces.add(new NamespaceSocket(8, DiagSocket.open()), 200);
            assertThat(namespaces.size()).isEqualTo(2);

            namespaces.retain(Set.of(1L), 150); // the second one came after the walk began

            assertThat(namespaces.has(first)).isFalse();
            assertThat(namespaces.has(second)).isTrue();
            assertThat(namespaces.known(7)).isFalse();
        }
    }

    @Test
    void keepsNoMoreThanItsBound() throws IOException {
        try (Namespaces namespaces = new Namespaces(DiagSocket.open())) {
            for (int i = 0; i < ProcessScan.NAMESPACES + 3; i++) {
                namespaces.add(new NamespaceSocket(i, DiagSocket.open()), 0);
            }
            assertThat(namespaces.size()).isEqualTo(ProcessScan.NAMESPACES);
        }
    }

    @Test
    void asksLessForAddressesOfOtherMachinesForAWhile() throws IOException {
        try (Namespaces namespaces = new Namespaces(DiagSocket.open())) {
            namespaces.add(new NamespaceSocket(7, DiagSocket.open()), 0);
            assertThat(namespaces.foreign(stranger, 1000)).isFalse();
            assertThat(namespaces.find(stranger, true)).isFalse();
            assertThat(namespaces.asked()).isEqualTo(2);

            namespaces.foreignUntil(stranger, 2000);

            assertThat(namespaces.foreign(stranger, 1999)).isTrue();
            assertThat(namespaces.foreign(stranger, 2000)).isFalse();
            assertThat(namespaces.find(stranger, false)).isFalse();
            assertThat(namespaces.asked()).isEqualTo(3);
            assertThat(namespaces.local(stranger)).isFalse();
        }
    }
}
