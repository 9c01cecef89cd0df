// SPDX-License-Identifier: Apache-2.0
package egret.capture.nat;

/** Address and port that a connection had before NAT: a mutable result that its caller owns and reuses. */
public final class OriginalSource {
    /** The address as in {@link egret.rules.IpAddress}. */
    public long high;

    public long low;
    public int port;

    void set(long newHigh, long newLow, int newPort) {
        high = newHigh;
        low = newLow;
        port = newPort;
    }
}
