// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import egret.rules.IpAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Takes down what a source tells. */
final class Told implements SocketEvents {
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    record Connection(int pid, int uid, long cgroupId, boolean inferred, int sourcePort, String method) {}

    final List<Connection> connections = new ArrayList<>();
    final List<Integer> forked = new ArrayList<>();
    final List<Integer> parents = new ArrayList<>();
    final List<Integer> executed = new ArrayList<>();
    final List<Integer> exited = new ArrayList<>();

    @Override
    public void connection(SocketEvent event, String method) {
        connections.add(new Connection(event.pid, event.uid, event.cgroupId, event.inferred, event.sourcePort, method));
    }

    @Override
    public void forked(int parentPid, int childPid) {
        parents.add(parentPid);
        forked.add(childPid);
    }

    @Override
    public void executed(int pid, String path) {
        executed.add(pid);
    }

    @Override
    public void exited(int pid) {
        exited.add(pid);
    }

    /** The last one of this port that names a process. */
    @Nullable
    Connection process(int sourcePort) {
        for (int i = connections.size() - 1; i >= 0; i--) {
            if (connections.get(i).sourcePort == sourcePort && connections.get(i).pid != 0) {
                return connections.get(i);
            }
        }
        return null;
    }

    /** Polls until the condition holds; false if it does not within 20 s. */
    boolean until(SocketSource source, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            source.poll(this);
            Thread.yield();
        }
        return true;
    }

    static SocketEvent seen(InetSocketAddress source, InetSocketAddress destination, boolean udp) {
        IpAddress from = address(source.getAddress());
        IpAddress to = address(destination.getAddress());
        SocketEvent event = new SocketEvent();
        event.udp = udp;
        event.sourceHigh = from.high();
        event.sourceLow = from.low();
        event.sourcePort = source.getPort();
        event.destinationHigh = to.high();
        event.destinationLow = to.low();
        event.destinationPort = destination.getPort();
        return event;
    }

    private static IpAddress address(InetAddress address) {
        IpAddress parsed = IpAddress.parse(address.getHostAddress());
        if (parsed == null) {
            throw new AssertionError(address);
        }
        return parsed;
    }
}
