// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

/** Hears of the addresses of watched servers, each time that a connection or a DNS answer names one. On the counting thread. */
public interface WatchedServers {
    /** To whom nobody listens. */
    WatchedServers NONE = new WatchedServers() {
        @Override
        public void seen(long high, long low) {}
    };

    /** The address as in {@link egret.capture.decode.Packet}; of a proxy, where one stands between. */
    void seen(long high, long low);
}
