// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class LiveOptionsTest {
    @Test
    void keepsLengthsWithinWhatTheKernelTakes() {
        LiveOptions small = new LiveOptions(List.of("lo"), 0, -1, LiveOptions.Engine.AUTO, false, null);
        assertThat(small.snaplen()).isEqualTo(1);
        assertThat(small.bufferBytes()).isEqualTo(1 << 20);
        LiveOptions large = new LiveOptions(
                List.of("lo"), Integer.MAX_VALUE, Integer.MAX_VALUE, LiveOptions.Engine.AUTO, false, null);
        assertThat(large.snaplen()).isEqualTo(262_144);
        assertThat(large.bufferBytes()).isEqualTo(1 << 30);
        assertThat(large.waiting(0).waitMillis()).isEqualTo(1);
        assertThat(large.waiting(Integer.MAX_VALUE).waitMillis()).isEqualTo(1000);
    }

    @Test
    void takesAnInterfaceOnce() {
        assertThat(LiveOptions.of("lo", "eth0", "lo").interfaces()).containsExactly("lo", "eth0");
    }

    @Test
    void anyStandsAlone() {
        assertThat(LiveOptions.of("any").interfaces()).containsExactly("any");
        assertThatIllegalArgumentException().isThrownBy(() -> LiveOptions.of("any", "lo"));
        assertThatIllegalArgumentException().isThrownBy(() -> LiveOptions.of());
    }
}
