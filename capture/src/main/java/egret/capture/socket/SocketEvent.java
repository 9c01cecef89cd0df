// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

/**
 * One connection and the process that opened it: a mutable view, valid during the call. Addresses are in two longs as in
 * {@link egret.rules.IpAddress} (IPv4 mapped).
 */
public final class SocketEvent {
    /** CLOCK_MONOTONIC of the event, 0 if unknown. */
    public long monotonicNanos;

    /** Process (thread group) number in the initial pid namespace; 0 if only {@link #tid} is known. */
    public int pid;

    public int tid;

    /** -1 if unknown. */
    public int uid;

    /** Inode of the cgroup v2 directory; 0 if unknown. */
    public long cgroupId;

    /** The kernel's short name of the thread, "" if unknown. */
    public String command = "";

    public boolean udp;
    public long sourceHigh;
    public long sourceLow;
    public int sourcePort;
    public long destinationHigh;
    public long destinationLow;
    public int destinationPort;

    /** TCP's initial sequence number, which NAT leaves alone. */
    public int initialSequence;

    public boolean initialSequenceKnown;

    /** The kernel did not say it of this socket; it is the only candidate. */
    public boolean inferred;
}
