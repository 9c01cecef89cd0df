// SPDX-License-Identifier: Apache-2.0
package egret.capture.origin;

/** What {@link Origins} says of one connection: a mutable result that its caller owns and reuses. */
public final class Origin {
    /** The address before NAT; the connection's own if there was none. */
    public long sourceHigh;

    public long sourceLow;

    /** The source is not the address that the connection was seen with. */
    public boolean translated;

    /** Number of the {@link Owner}; 0 if it is not known. */
    public int owner;

    public void reset(long high, long low) {
        sourceHigh = high;
        sourceLow = low;
        translated = false;
        owner = 0;
    }
}
