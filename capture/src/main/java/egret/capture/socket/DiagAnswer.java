// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import egret.capture.linux.NetlinkAttributes;
import java.nio.ByteBuffer;

/**
 * What the kernel said of one socket: struct inet_diag_msg of include/uapi/linux/inet_diag.h and the attributes behind it. A
 * reused result that owns no bytes.
 *
 * <pre>
 *  0        1       2       3             4      52        56       64    68      72
 *  | family | state | timer | retransmits | id 48 | expires | queues | uid | inode | attributes
 *  id: | source port 2 | destination port 2 | source 16 | destination 16 | interface 4 | cookie 8 |
 * </pre>
 */
final class DiagAnswer {
    static final int BYTES = 72;
    static final int STATE_LISTEN = 10;

    private static final int INET_DIAG_CGROUP_ID = 21;

    private final NetlinkAttributes attributes = new NetlinkAttributes();

    /** As in TCP's state machine, include/net/tcp_states.h. */
    int state;

    int sourcePort;

    /** 0 if the socket has no peer: then others may be meant as well. */
    int destinationPort;

    /** 0 if no process holds the socket any more. */
    long inode;

    /** -1 if the kernel did not say. */
    int uid;

    /** 0 if the kernel did not say. */
    long cgroupId;

    /**
     * Reads one answer.
     *
     * @param bytes in the machine's byte order; nothing at or beyond {@code to} is read
     * @return false if it is cut, and nothing is changed
     */
    boolean read(ByteBuffer bytes, int from, int to) {
        if (from < 0 || to > bytes.capacity() || to - from < BYTES) {
            return false;
        }
        state = bytes.get(from + 1) & 0xff;
        sourcePort = port(bytes, from + 4);
        destinationPort = port(bytes, from + 6);
        uid = bytes.getInt(from + 64);
        inode = bytes.getInt(from + 68) & 0xffff_ffffL;
        if (inode == 0 && uid == 0) {
            uid = -1; // a socket in its last states has forgotten whose it was
        }
        cgroupId = 0;
        attributes.over(bytes, from + BYTES, to);
        while (attributes.next()) {
            if (attributes.type() == INET_DIAG_CGROUP_ID && attributes.valueBytes() >= 8) {
                cgroupId = bytes.getLong(attributes.value());
            }
        }
        return true;
    }

    boolean connected() {
        return destinationPort != 0;
    }

    private static int port(ByteBuffer bytes, int at) {
        return (bytes.get(at) & 0xff) << 8 | (bytes.get(at + 1) & 0xff);
    }
}
