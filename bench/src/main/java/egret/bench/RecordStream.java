// SPDX-License-Identifier: Apache-2.0
package egret.bench;

/** The TLS 1.3 application records of one message, handed out in pieces; records and segments do not line up. */
final class RecordStream {
    private static final int RECORD_PLAIN = 16_384;
    private static final int HEADER = 5;

    /** Inner content type and authentication tag (RFC 8446 section 5.2). */
    static final int OVERHEAD = 17;

    private int plainLeft;
    private int recordLength;
    private int recordSent;

    void start(int plainBytes) {
        plainLeft = plainBytes;
        recordLength = 0;
        recordSent = 0;
    }

    boolean done() {
        return plainLeft == 0 && recordSent == recordLength;
    }

    /** Writes the next bytes of the stream and returns how many, at most {@code room}. */
    int fill(byte[] to, int room, Draw draw) {
        int at = 0;
        while (at < room && !done()) {
            if (recordSent == recordLength) {
                int plain = Math.min(plainLeft, RECORD_PLAIN);
                plainLeft -= plain;
                recordLength = HEADER + plain + OVERHEAD;
                recordSent = 0;
            }
            if (recordSent < HEADER) {
                to[at++] = headerByte(recordSent++, recordLength - HEADER);
            } else {
                int length = Math.min(room - at, recordLength - recordSent);
                draw.noise(to, at, length);
                at += length;
                recordSent += length;
            }
        }
        return at;
    }

    static byte headerByte(int index, int length) {
        return switch (index) {
            case 0 -> 0x17;
            case 1, 2 -> 3;
            case 3 -> (byte) (length >>> 8);
            default -> (byte) length;
        };
    }
}
