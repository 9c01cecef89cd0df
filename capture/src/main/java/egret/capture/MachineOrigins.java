// SPDX-License-Identifier: Apache-2.0
package egret.capture;

import egret.capture.flow.Connection;
import egret.capture.nat.Conntrack;
import egret.capture.nat.OriginalSource;
import egret.capture.nat.Tracked;
import egret.capture.origin.Origin;
import egret.capture.origin.Origins;
import egret.capture.origin.Owner;
import egret.capture.process.Owners;

/** What this machine knows of connections: its connection tracking says where they came from, its kernel who opened them. */
final class MachineOrigins implements Origins {
    private final Conntrack conntrack;
    private final Owners owners;

    /** Sources before NAT are whom connections are accounted to; on a host that is the host, whatever its containers are called. */
    private final boolean sourceBeforeNat;

    /** The kernel is asked for the socket of each connection that begins: by the addresses that the socket has. */
    private final boolean asks;

    private final OriginalSource original = new OriginalSource();
    private int found;
    private long foundNanos;

    MachineOrigins(Conntrack conntrack, Owners owners, boolean sourceBeforeNat, boolean asks) {
        this.conntrack = conntrack;
        this.owners = owners;
        this.sourceBeforeNat = sourceBeforeNat;
        this.asks = asks;
    }

    @Override
    public void opened(Connection connection) {
        if (asks && conntrack.original(connection, original) == Tracked.TRANSLATED) {
            owners.opened(connection, original.high, original.low, original.port);
        } else {
            owners.opened(connection);
        }
    }

    @Override
    public void find(Connection connection, Origin origin) {
        origin.reset(connection.clientHigh(), connection.clientLow());
        if (conntrack.original(connection, original) == Tracked.TRANSLATED) {
            origin.owner = owners.find(
                    connection,
                    original.high,
                    original.low,
                    original.port,
                    connection.serverHigh(),
                    connection.serverLow(),
                    connection.serverPort());
            if (sourceBeforeNat) {
                origin.sourceHigh = original.high;
                origin.sourceLow = original.low;
                origin.translated = true;
            }
        } else {
            origin.owner = owners.find(connection);
        }
        found = origin.owner;
        foundNanos = connection.namedNanos();
    }

    @Override
    public Owner owner(int id) {
        return owners.owner(id);
    }

    /** The owner of the connection that the packet of this time named; 0 if it named none, or nobody knows its owner. */
    int namedBy(long packetNanos) {
        return foundNanos == packetNanos ? found : 0;
    }
}
