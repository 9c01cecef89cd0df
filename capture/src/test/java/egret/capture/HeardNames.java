// SPDX-License-Identifier: Apache-2.0
package egret.capture;

import egret.capture.decode.PacketTotals;
import egret.capture.flow.Connection;
import egret.capture.flow.ConnectionListener;
import egret.capture.flow.NameTable;
import egret.capture.protocol.ClientHello;
import egret.rules.IpAddress;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How often each connection was named, by what; and failed. Nothing is followed. */
final class HeardNames implements ConnectionListener {
    final Map<String, Integer> named = new TreeMap<>();
    final Map<String, Integer> failed = new TreeMap<>();
    private final NameTable names = new NameTable();
    final CapturePipeline pipeline = new CapturePipeline(names, new PacketTotals(), this);
    long opened;

    private static String text(Connection c) {
        return new IpAddress(c.clientHigh(), c.clientLow()) + " " + c.clientPort() + " > "
                + new IpAddress(c.serverHigh(), c.serverLow()) + " " + c.serverPort();
    }

    @Override
    public boolean named(Connection c, @Nullable ClientHello hello) {
        String by = hello == null ? "" : c.helloCut() ? " cut hello" : " hello";
        named.merge(text(c) + " " + names.name(c.name()) + " " + c.origin() + by, 1, Integer::sum);
        return false;
    }

    @Override
    public void failed(Connection c) {
        failed.merge(text(c), 1, Integer::sum);
    }

    @Override
    public void opened(Connection connection) {
        opened++;
    }

    @Override
    public boolean unnamed(Connection connection) {
        return false;
    }
}
