// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

/** Listens to nothing. */
enum NoSocketEvents implements SocketEvents {
    INSTANCE;

    @Override
    public void connection(SocketEvent event, String method) {}

    @Override
    public void forked(int parentPid, int childPid) {}

    @Override
    public void executed(int pid, String path) {}

    @Override
    public void exited(int pid) {}
}
