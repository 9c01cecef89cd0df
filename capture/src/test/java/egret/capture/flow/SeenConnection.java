// SPDX-License-Identifier: Apache-2.0
package egret.capture.flow;

/** Makes connections as a tracker would show them, for tests of those who are asked about them. */
public final class SeenConnection {
    private final Connection connection = new Connection();

    public SeenConnection(long clientLow, int clientPort, long serverLow, int serverPort) {
        connection.reset(0, 1);
        connection.clientLow = clientLow;
        connection.clientPort = clientPort;
        connection.serverLow = serverLow;
        connection.serverPort = serverPort;
    }

    public SeenConnection sequence(int initialSequence) {
        connection.begins(initialSequence);
        return this;
    }

    public SeenConnection opened(long epochNanos) {
        connection.openedNanos = epochNanos;
        return this;
    }

    public SeenConnection quic() {
        connection.quic = true;
        return this;
    }

    public SeenConnection midStream() {
        connection.midStream = true;
        return this;
    }

    public SeenConnection unnamedBefore() {
        connection.told = Told.UNNAMED;
        return this;
    }

    public Connection get() {
        return connection;
    }
}
