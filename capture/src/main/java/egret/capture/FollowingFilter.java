// SPDX-License-Identifier: Apache-2.0
package egret.capture;

import egret.capture.filter.KernelFilter;
import egret.capture.filter.WatchedAddresses;
import egret.capture.live.LiveCapture;
import egret.rules.Endpoint;
import egret.rules.IpPrefix;
import egret.rules.Rules;
import java.util.TreeSet;

/** The filter in the kernel, kept at the addresses that watched servers turn out to have. On the capturing thread. */
final class FollowingFilter {
    /** A program with new addresses goes into the kernel at most this often. */
    private static final long INTERVAL_NANOS = 20_000_000L;

    private static final int TLS = 443;

    /** BPF_RET + BPF_K. */
    private static final long RETURN = 6;

    private final LiveCapture capture;
    private final int snaplen;
    private final WatchedAddresses watched = new WatchedAddresses();
    private final KernelFilter filter;
    private boolean attached;

    /**
     * Puts the first program into the kernel.
     *
     * @param tunnels whether packets come in others, as in a mirror
     */
    FollowingFilter(LiveCapture capture, Rules rules, int snaplen, boolean fast, boolean tunnels) {
        this.capture = capture;
        this.snaplen = snaplen;
        TreeSet<Integer> ports = new TreeSet<>();
        ports.add(TLS);
        for (Endpoint endpoint : rules.endpoints()) {
            ports.addAll(endpoint.ports());
            for (IpPrefix prefix : endpoint.addresses()) {
                watched.block(
                        prefix.address().high(),
                        prefix.address().low(),
                        prefix.length() + (prefix.address().isIpv4() ? 96 : 0));
            }
        }
        filter = new KernelFilter(
                KernelFilter.Link.ANY,
                fast ? KernelFilter.Mode.FAST : KernelFilter.Mode.NORMAL,
                snaplen,
                ports.stream().mapToInt(Integer::intValue).toArray(),
                tunnels);
        attach(0);
    }

    /** A watched server has this address. The next {@link #time} lets its packets through. */
    void seen(long high, long low) {
        watched.seen(high, low);
    }

    /** Time goes on: what was seen may have to go into the kernel. */
    void time(long nanos) {
        if (watched.due(nanos, INTERVAL_NANOS)) {
            attach(nanos);
        }
    }

    private void attach(long nanos) {
        boolean before = attached;
        attached = capture.attach(LiveCapture.ALL, filter.program(watched));
        watched.taken(nanos);
        if (before && !attached) {
            // The program before knows nothing of the newest addresses: rather all packets than too few.
            capture.attach(LiveCapture.ALL, new long[] {RETURN | (long) snaplen << 32});
        }
    }

    /** Whether the kernel took the program; else all packets come up. */
    boolean attached() {
        return attached;
    }

    /** Addresses and blocks that found no place. */
    long shed() {
        return watched.givenWay() + watched.blocksShed();
    }
}
