// SPDX-License-Identifier: Apache-2.0
package egret.capture.nat;

/** What connection tracking says of the source of a connection, as it was seen on the wire. */
public enum Tracked {
    /** The source was changed on this machine; the one before is known. */
    TRANSLATED,
    /** The source is an address that others are translated to, and this connection was not: the NAT itself opened it. */
    OWN,
    /** The source is as it was sent: nothing is translated to its address here. */
    UNCHANGED,
    /** It cannot be told: connection tracking is not readable, or no longer knows the connection. */
    UNKNOWN
}
