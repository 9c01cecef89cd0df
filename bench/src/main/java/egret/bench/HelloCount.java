// SPDX-License-Identifier: Apache-2.0
package egret.bench;

import egret.capture.flow.Connection;
import egret.capture.flow.ConnectionListener;
import egret.capture.protocol.ClientHello;
import org.jspecify.annotations.Nullable;

/** Counts connections, and those that showed a hello. */
final class HelloCount implements ConnectionListener {
    long connections;
    long hellos;

    @Override
    public void opened(Connection connection) {
        connections++;
    }

    @Override
    public boolean named(Connection connection, @Nullable ClientHello hello) {
        if (hello != null) {
            hellos++;
        }
        return false;
    }

    @Override
    public boolean unnamed(Connection connection) {
        return false;
    }
}
