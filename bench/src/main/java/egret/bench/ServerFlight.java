// SPDX-License-Identifier: Apache-2.0
package egret.bench;

/** Writes what a TLS 1.3 server answers to a hello: ServerHello in clear, then a record for each encrypted message. */
final class ServerFlight {
    /** Of the largest flight: post-quantum share and the longest certificate of a profile. */
    static final int MAX_BYTES = 8_192;

    private static final int MLKEM_SHARE = 1_120;

    private ServerFlight() {}

    /** Writes the flight at the start of an array of {@link #MAX_BYTES} and returns its length. */
    static int write(byte[] to, Draw draw, boolean named, boolean postQuantum, int certificateBytes) {
        int share = postQuantum ? MLKEM_SHARE : 32;
        int extensions = 6 + 8 + share;
        int body = 2 + 32 + 1 + 32 + 2 + 1 + 2 + extensions;
        to[0] = 0x16;
        Bytes.put16(to, 1, 0x0303);
        Bytes.put16(to, 3, body + 4);
        to[5] = 2;
        Bytes.put24(to, 6, body);
        Bytes.put16(to, 9, 0x0303);
        draw.unique32(to, 11);
        to[43] = 32;
        draw.noise(to, 44, 32);
        Bytes.put16(to, 76, 0x1301);
        to[78] = 0;
        Bytes.put16(to, 79, extensions);
        Bytes.put16(to, 81, 43);
        Bytes.put16(to, 83, 2);
        Bytes.put16(to, 85, 0x0304);
        Bytes.put16(to, 87, 51);
        Bytes.put16(to, 89, 4 + share);
        Bytes.put16(to, 91, postQuantum ? 0x11ec : 29);
        Bytes.put16(to, 93, share);
        draw.noise(to, 95, share);
        int at = changeCipherSpec(to, 95 + share);
        // EncryptedExtensions: http/1.1 was chosen, and the server name is acknowledged if there was one.
        at = record(to, at, named ? 42 : 38, draw);
        if (certificateBytes > 0) {
            at = record(to, at, certificateBytes + RecordStream.OVERHEAD, draw);
            at = record(to, at, 264 + RecordStream.OVERHEAD, draw);
        }
        return finished(to, at, draw);
    }

    /** Writes a client's half of the end of the handshake. */
    static int clientFinished(byte[] to, Draw draw) {
        return finished(to, changeCipherSpec(to, 0), draw);
    }

    /** Writes session tickets, one record each, as OpenSSL sends them. */
    static int tickets(byte[] to, Draw draw, int count) {
        int at = 0;
        for (int i = 0; i < count; i++) {
            at = record(to, at, 266, draw);
        }
        return at;
    }

    static int closeAlert(byte[] to, Draw draw) {
        return record(to, 0, 2 + RecordStream.OVERHEAD, draw);
    }

    private static int changeCipherSpec(byte[] to, int at) {
        to[at] = 0x14;
        Bytes.put16(to, at + 1, 0x0303);
        Bytes.put16(to, at + 3, 1);
        to[at + 5] = 1;
        return at + 6;
    }

    /** SHA-256 suites: 4 + 32 bytes. */
    private static int finished(byte[] to, int at, Draw draw) {
        return record(to, at, 36 + RecordStream.OVERHEAD, draw);
    }

    private static int record(byte[] to, int at, int length, Draw draw) {
        for (int i = 0; i < 5; i++) {
            to[at + i] = RecordStream.headerByte(i, length);
        }
        draw.noise(to, at + 5, length);
        return at + 5 + length;
    }
}
