// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.linux.Privileges;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InterfacesTest {
    @BeforeEach
    void onLinux() {
        Assumptions.assumeTrue(LiveCapture.isLinux(), "needs Linux");
    }

    private static Interfaces.Found find(Interfaces interfaces, String name) {
        return interfaces.found().stream()
                .filter(found -> found.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void listsLoopback() {
        Interfaces.Found loopback = find(Interfaces.here(), "lo");
        assertThat(loopback.index()).isPositive();
        assertThat(loopback.loopback()).isTrue();
        assertThat(loopback.link()).isEqualTo("loopback");
        assertThat(loopback.side()).isEqualTo(Interfaces.Side.UNKNOWN);
    }

    @Test
    void tellsInsideFromOutside() throws Exception {
        try (TestNetwork network = new TestNetwork()) {
            network.in(network.right, "link", "add", "bare0", "type", "veth", "peer", "name", "inside0");
            network.in(network.right, "addr", "add", "10.1.2.3/16", "dev", "inside0");
            network.in(network.right, "link", "set", "inside0", "up");
            network.in(network.right, "route", "add", "default", "via", TestNetwork.LEFT_ADDRESS);
            Interfaces interfaces = TestNetwork.on(network.right, Interfaces::here);
            assertThat(interfaces.granted()).isTrue();
            assertThat(interfaces.command()).isNull();
            Interfaces.Found outside = find(interfaces, "right0");
            assertThat(outside.side()).isEqualTo(Interfaces.Side.OUTSIDE);
            assertThat(outside.addresses()).extracting(Object::toString).contains("192.0.2.2/24");
            assertThat(outside.link()).isEqualTo("Ethernet");
            assertThat(outside.up()).isTrue();
            assertThat(outside.loopback()).isFalse();
            assertThat(find(interfaces, "inside0").side()).isEqualTo(Interfaces.Side.INSIDE);
            Interfaces.Found bare = find(interfaces, "bare0");
            assertThat(bare.side()).isEqualTo(Interfaces.Side.UNKNOWN);
            assertThat(bare.addresses()).isEmpty();
            assertThat(bare.up()).isFalse();
        }
    }

    @Test
    void saysWhatIsMissingAndWhatGrantsIt() throws Exception {
        Interfaces interfaces = onThread(() -> {
            Privileges.drop(0);
            return Interfaces.here();
        });
        assertThat(interfaces.granted()).isFalse();
        assertThat(interfaces.missing()).contains("NET_RAW");
        assertThat(interfaces.command()).containsIgnoringCase("net_raw");
        assertThat(interfaces.found()).isNotEmpty();
    }

    private static <T> T onThread(Callable<T> action) throws Exception {
        FutureTask<T> task = new FutureTask<>(action);
        new Thread(task, "without privileges").start();
        return task.get();
    }

    @Test
    void readsTheKernelsTable() throws IOException {
        try (DeviceTable table = new DeviceTable()) {
            List<String> names = table.names();
            assertThat(names).contains("lo");
            long expected = 0;
            for (String line : Files.readAllLines(Path.of("/proc/thread-self/net/dev"))) {
                int colon = line.lastIndexOf(':');
                if (colon > 0) {
                    String name = line.substring(0, colon).trim();
                    long dropped =
                            Long.parseLong(line.substring(colon + 1).trim().split("\\s+")[3]);
                    assertThat(names).contains(name);
                    assertThat(table.dropped(name)).isGreaterThanOrEqualTo(dropped);
                    expected += dropped;
                }
            }
            assertThat(table.dropped(null)).isGreaterThanOrEqualTo(expected);
            assertThat(table.dropped("nosuch0")).isZero();
        }
    }
}
