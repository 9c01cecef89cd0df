// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InterfaceChangesTest extends OnTestNetwork {
    @Test
    void goesOnWhenTheInterfaceWasDown() throws Exception {
        try (Captured captured = start(RING)) {
            network.send(50, 40);
            assertThat(Captured.eventually(() -> captured.datagrams == 50)).isTrue();
            network.in(network.right, "link", "set", "right0", "down");
            assertThat(captured.saw(InterfaceChange.Kind.DOWN)).isTrue();
            network.in(network.right, "link", "set", "right0", "up");
            assertThat(captured.saw(InterfaceChange.Kind.UP)).isTrue();
            network.send(50, 40);
            assertThat(Captured.eventually(() -> captured.datagrams == 100)).isTrue();
            captured.stop();
            assertThat(captured.capture.statistics().interruptions()).isEqualTo(1);
            assertThat(captured.outcome.stopped()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(LiveOptions.Engine.class)
    void endsWhenTheLastInterfaceIsDeleted(LiveOptions.Engine engine) throws Exception {
        assertEngine(engine);
        try (Captured captured = start(RIGHT.with(engine))) {
            network.in(network.left, "link", "del", "left0");
            assertThat(captured.saw(InterfaceChange.Kind.GONE)).isTrue();
            assertThat(captured.ended()).isTrue();
            assertThat(captured.outcome).isEqualTo(new LiveOutcome(false, "The interface right0 is gone."));
            assertThat(captured.capture.statistics().interruptions()).isEqualTo(1);
        }
    }

    @Test
    void endsWhenTheNamespaceBeyondVanishes() throws Exception {
        try (Captured captured = start(RING)) {
            network.send(10, 40);
            assertThat(Captured.eventually(() -> captured.datagrams == 10)).isTrue();
            network.vanish(network.left);
            assertThat(captured.saw(InterfaceChange.Kind.GONE)).isTrue();
            assertThat(captured.ended()).isTrue();
            assertThat(captured.outcome.stopped()).isFalse();
        }
    }

    @Test
    void waitsForAnInterfaceThatIsDown() throws Exception {
        network.in(network.right, "link", "set", "right0", "down");
        try (Captured captured = start(RING)) {
            assertThat(captured.saw(InterfaceChange.Kind.DOWN)).isTrue();
            network.in(network.right, "link", "set", "right0", "up");
            assertThat(captured.saw(InterfaceChange.Kind.UP)).isTrue();
            network.send(10, 40);
            assertThat(Captured.eventually(() -> captured.datagrams == 10)).isTrue();
        }
    }

    @Test
    void followsAnInterfaceThatIsRenamed() throws Exception {
        try (Captured captured = start(RING)) {
            network.in(network.right, "link", "set", "right0", "down");
            network.in(network.right, "link", "set", "right0", "name", "other0");
            network.in(network.right, "link", "set", "other0", "up");
            assertThat(captured.saw(InterfaceChange.Kind.UP)).isTrue();
            assertThat(captured.changes).last().hasFieldOrPropertyWithValue("name", "other0");
            network.send(10, 40);
            assertThat(Captured.eventually(() -> captured.datagrams == 10)).isTrue();
        }
    }

    @Test
    void capturesAnInterfaceAgainThatCameBack() throws Exception {
        try (Captured captured = start(LiveOptions.of("right0", "lo").with(LiveOptions.Engine.RING))) {
            network.send(10, 40);
            assertThat(Captured.eventually(() -> captured.datagrams == 10)).isTrue();
            int before = captured.lastInterface;
            network.in(network.left, "link", "del", "left0");
            assertThat(captured.saw(InterfaceChange.Kind.GONE)).isTrue();
            network.in(network.right, "link", "add", "shift0", "type", "veth", "peer", "name", "shift1");
            network.cable();
            assertThat(captured.saw(InterfaceChange.Kind.BACK)).isTrue();
            network.send(10, 40);
            assertThat(Captured.eventually(() -> captured.datagrams == 20)).isTrue();
            assertThat(captured.lastInterface).isNotEqualTo(before);
        }
    }
}
