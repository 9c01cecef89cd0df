// SPDX-License-Identifier: Apache-2.0
package egret.capture.nat;

import egret.capture.linux.Libc;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this machine has of connection tracking, and what is missing, in one sentence each. */
final class ConntrackProbe {
    /** Of the network namespace of the thread that opens it. */
    static final Path TABLE = Path.of("/proc/thread-self/net/nf_conntrack");

    private static final Path EVENTS = Path.of("/proc/sys/net/netfilter/nf_conntrack_events");
    private static final Path LIMIT = Path.of("/proc/sys/net/netfilter/nf_conntrack_max");

    private ConntrackProbe() {}

    /** Why ctnetlink refuses. */
    static String sentence(int errno) {
        return switch (errno) {
            case Libc.EPERM, Libc.EACCES -> "reading connection tracking needs CAP_NET_ADMIN (or root)";
            // No such subsystem: nfnetlink answers EINVAL, a kernel without it knows not even the protocol.
            default ->
                "the kernel does not tell of connection tracking by netlink (modprobe nf_conntrack_netlink): "
                        + Libc.strerror(errno);
        };
    }

    /** Why nothing can be known, when neither way works. */
    static String neither(boolean tracks, String netlink) {
        return tracks
                ? netlink + ", and /proc/net/nf_conntrack cannot be read either"
                : "this kernel tracks no connections (no nf_conntrack), so it translates none";
    }

    static boolean tracks() {
        return Files.exists(LIMIT) || Files.exists(TABLE);
    }

    /** By opening it: access(2), which {@link Files#isReadable} asks, does not look at capabilities. */
    static boolean tableReadable() {
        try (InputStream opened = Files.newInputStream(TABLE)) {
            return opened.read() >= -1;
        } catch (IOException e) {
            return false;
        }
    }

    /** nf_conntrack_events is 1 or 2 (whenever somebody listens) unless somebody switched it off. */
    static boolean eventsOn() {
        try {
            return !Files.readString(EVENTS).strip().equals("0");
        } catch (IOException e) {
            return true; // a kernel of before this switch, or /proc/sys is not shown: the events will tell
        }
    }
}
