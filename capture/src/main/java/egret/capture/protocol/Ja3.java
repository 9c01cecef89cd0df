// SPDX-License-Identifier: Apache-2.0
package egret.capture.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * JA3: "version,ciphers,extensions,groups,point formats", decimal, values joined by '-', in the client's order without
 * GREASE (github.com/salesforce/ja3).
 */
final class Ja3 {
    private Ja3() {}

    static String text(ClientHello hello) {
        ByteBuffer b = hello.bytes;
        StringBuilder s = new StringBuilder(320);
        s.append(hello.legacyVersion).append(',');
        list(s, b, hello.ciphersOffset, hello.ciphersEnd);
        s.append(',');
        int mark = s.length();
        int p = hello.extensions.extensionsOffset;
        while (hello.extensions.extensionsEnd - p >= 4) {
            int type = b.getShort(p) & 0xffff;
            if (!ClientHello.grease(type)) {
                value(s, mark, type);
            }
            p += 4 + (b.getShort(p + 2) & 0xffff);
        }
        s.append(',');
        list(
                s,
                b,
                HelloExtensions.listFrom(hello.extensions.groupsOffset, hello.extensions.groupsEnd, 2),
                hello.extensions.listEnd(hello.extensions.groupsOffset, hello.extensions.groupsEnd, 2));
        s.append(',');
        mark = s.length();
        int end = hello.extensions.listEnd(hello.extensions.formatsOffset, hello.extensions.formatsEnd, 1);
        for (int q = HelloExtensions.listFrom(hello.extensions.formatsOffset, hello.extensions.formatsEnd, 1);
                q < end;
                q++) {
            value(s, mark, b.get(q) & 0xff);
        }
        return s.toString();
    }

    static String hash(ClientHello hello) {
        return Digests.md5(text(hello).getBytes(StandardCharsets.US_ASCII));
    }

    private static void list(StringBuilder s, ByteBuffer b, int from, int to) {
        int mark = s.length();
        for (int p = from; to - p >= 2; p += 2) {
            int value = b.getShort(p) & 0xffff;
            if (!ClientHello.grease(value)) {
                value(s, mark, value);
            }
        }
    }

    private static void value(StringBuilder s, int mark, int value) {
        if (s.length() > mark) {
            s.append('-');
        }
        s.append(value);
    }
}
