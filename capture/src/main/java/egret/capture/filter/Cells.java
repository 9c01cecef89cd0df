// SPDX-License-Identifier: Apache-2.0
package egret.capture.filter;

/** What a filter keeps in the machine's scratch memory, of which there are 16 cells. */
final class Cells {
    /** Position of the IP header. */
    static final int NETWORK = 0;

    /** Position of the TCP or UDP header. */
    static final int TRANSPORT = 1;

    /** Bytes from the TCP header to the end of the datagram. */
    static final int TRANSPORT_LENGTH = 2;

    /** Bytes of TCP payload. */
    static final int PAYLOAD_LENGTH = 3;

    /** Position of the TCP payload. */
    static final int PAYLOAD = 4;

    /** How much is taken of a packet that is not wanted for what it carries. */
    static final int OTHERWISE = 5;

    /** How much is taken of it if its server is watched. */
    static final int WATCHED = 6;

    static final int WORK = 7;
    static final int ADDRESS = 8;

    private Cells() {}
}
