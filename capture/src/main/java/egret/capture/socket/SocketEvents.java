// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

/** Takes what a {@link SocketSource} tells, on the thread that polls it. */
public interface SocketEvents {
    /**
     * A process opened a connection. The same one may be told again when more is known of it: its sequence number with
     * the SYN-ACK.
     *
     * @param method of the source, as in {@link egret.capture.origin.Owner}
     */
    void connection(SocketEvent event, String method);

    void forked(int parentPid, int childPid);

    /** @param path of the executable, "" if the source does not tell */
    void executed(int pid, String path);

    void exited(int pid);
}
