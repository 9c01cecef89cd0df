// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import egret.rules.IpAddress;
import java.util.ArrayList;
import java.util.List;

/** Everything that was told, as text. */
final class RecordedEvents implements SocketEvents {
    final List<String> lines = new ArrayList<>();
    final List<String> commands = new ArrayList<>();
    SocketEvent last = new SocketEvent();

    @Override
    public void connection(SocketEvent event, String method) {
        last = event;
        commands.add(event.command);
        lines.add(method + " " + event.pid + "/" + event.tid + " uid " + event.uid + " cgroup " + event.cgroupId + " "
                + event.command + (event.udp ? " udp " : " tcp ")
                + end(event.sourceHigh, event.sourceLow, event.sourcePort) + " > "
                + end(event.destinationHigh, event.destinationLow, event.destinationPort)
                + (event.initialSequenceKnown ? " isn " + Integer.toHexString(event.initialSequence) : "")
                + (event.inferred ? " inferred" : ""));
    }

    private static String end(long high, long low, int port) {
        IpAddress address = new IpAddress(high, low);
        return (address.isIpv4() ? address.toString() : "[" + address + "]") + ":" + port;
    }

    @Override
    public void forked(int parentPid, int childPid) {
        lines.add("fork " + parentPid + " " + childPid);
    }

    @Override
    public void executed(int pid, String path) {
        lines.add("exec " + pid + " " + path);
    }

    @Override
    public void exited(int pid) {
        lines.add("exit " + pid);
    }
}
