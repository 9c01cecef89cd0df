// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;

/** Tests that capture on the right end of a cable of their own. */
abstract class OnTestNetwork {
    static final LiveOptions RIGHT = LiveOptions.of("right0");
    static final LiveOptions RING = RIGHT.with(LiveOptions.Engine.RING);

    TestNetwork network;

    @BeforeEach
    void connect() {
        network = new TestNetwork();
    }

    @AfterEach
    void disconnect() {
        if (network != null) {
            network.close();
        }
    }

    final Captured start(LiveOptions options) throws Exception {
        return new Captured(network.open(options));
    }

    static void assertEngine(LiveOptions.Engine engine) {
        if (engine == LiveOptions.Engine.PCAP) {
            Assumptions.assumeTrue(Interfaces.here().libpcap() != null, "needs libpcap");
        }
    }
}
