// SPDX-License-Identifier: Apache-2.0
package egret.bench;

import egret.capture.decode.Packet;
import egret.capture.flow.Connection;
import egret.capture.flow.ConnectionListener;
import egret.capture.protocol.ClientHello;
import egret.capture.protocol.ServerHello;
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

    @Override
    public void tick(long timestampNanos) {}

    @Override
    public void finish() {}

    @Override
    public void begun(Connection connection) {}

    @Override
    public void proxied(Connection connection, String target, boolean connect) {}

    @Override
    public void failed(Connection connection) {}

    @Override
    public void copied(Connection copy, @Nullable Connection first, @Nullable ClientHello hello) {}

    @Override
    public void serverHello(Connection connection, ServerHello hello) {}

    @Override
    public void record(Connection connection, boolean fromClient, int contentType, int length, long timestampNanos) {}

    @Override
    public void segment(Connection connection, boolean fromClient, int newBytes, long timestampNanos) {}

    @Override
    public void gap(Connection connection, boolean fromClient) {}

    @Override
    public void clearRequest(Connection connection, long timestampNanos) {}

    @Override
    public void closed(Connection connection) {}

    @Override
    public void dnsQuestion(Packet packet, int name, int type) {}

    @Override
    public void dnsAnswer(Packet packet, int a, int aaaa) {}
}
