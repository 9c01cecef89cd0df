// SPDX-License-Identifier: Apache-2.0
package egret.capture.protocol;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * JA4, the TLS client fingerprint (github.com/FoxIO-LLC/ja4, technical_details/JA4.md; this one method is under the BSD
 * 3-clause licence): {@code t13d1516h2_<hash of ciphers>_<hash of extensions and signature algorithms>}.
 */
final class Ja4 {
    private static final String EMPTY_HASH = "000000000000";

    private Ja4() {}

    static String text(ClientHello hello, char transport) {
        ByteBuffer b = hello.bytes;
        int[] ciphers = new int[Math.max(0, hello.ciphersEnd - hello.ciphersOffset) / 2];
        int cipherCount = 0;
        for (int p = hello.ciphersOffset; hello.ciphersEnd - p >= 2; p += 2) {
            int value = b.getShort(p) & 0xffff;
            if (!ClientHello.grease(value)) {
                ciphers[cipherCount++] = value;
            }
        }
        int[] extensions = new int[Math.max(0, hello.extensions.extensionsEnd - hello.extensions.extensionsOffset) / 4];
        int hashed = 0;
        int extensionCount = 0;
        int p = hello.extensions.extensionsOffset;
        while (hello.extensions.extensionsEnd - p >= 4) {
            int type = b.getShort(p) & 0xffff;
            if (!ClientHello.grease(type)) {
                extensionCount++;
                if (type != HelloExtensions.SERVER_NAME && type != HelloExtensions.APPLICATION_PROTOCOLS) {
                    extensions[hashed++] = type;
                }
            }
            p += 4 + (b.getShort(p + 2) & 0xffff);
        }
        Arrays.sort(ciphers, 0, cipherCount);
        Arrays.sort(extensions, 0, hashed);

        StringBuilder s = new StringBuilder(36);
        s.append(transport);
        int version = hello.supportedVersions();
        s.append(version(version != 0 ? version : hello.legacyVersion));
        s.append(hello.hasExtension(HelloExtensions.SERVER_NAME) ? 'd' : 'i');
        count(s, cipherCount);
        count(s, extensionCount);
        int protocol = protocol(hello);
        s.append((char) (protocol >> 8)).append((char) (protocol & 0xff));
        s.append('_').append(hash(list(new StringBuilder(), ciphers, cipherCount)));
        StringBuilder third = list(new StringBuilder(), extensions, hashed);
        signatures(third, hello);
        return s.append('_').append(hash(third)).toString();
    }

    /**
     * The two characters of the first application protocol, in the two low bytes: its first and last byte if both are
     * letters or digits, else the first and last digit of its hex form; '0' '0' without one.
     */
    static int protocol(ClientHello hello) {
        int p = HelloExtensions.listFrom(hello.extensions.protocolsOffset, hello.extensions.protocolsEnd, 2);
        int end = hello.extensions.listEnd(hello.extensions.protocolsOffset, hello.extensions.protocolsEnd, 2);
        if (end - p < 2) {
            return '0' << 8 | '0';
        }
        int length = Math.min(hello.bytes.get(p) & 0xff, end - p - 1);
        if (length == 0) {
            return '0' << 8 | '0';
        }
        int first = hello.bytes.get(p + 1) & 0xff;
        int last = hello.bytes.get(p + length) & 0xff;
        if (alphanumeric(first) && alphanumeric(last)) {
            return first << 8 | last;
        }
        return Digests.digit(first >> 4) << 8 | Digests.digit(last);
    }

    private static void signatures(StringBuilder s, ClientHello hello) {
        char separator = '_';
        int p = HelloExtensions.listFrom(hello.extensions.signaturesOffset, hello.extensions.signaturesEnd, 2);
        int end = hello.extensions.listEnd(hello.extensions.signaturesOffset, hello.extensions.signaturesEnd, 2);
        for (; end - p >= 2; p += 2) {
            int value = hello.bytes.getShort(p) & 0xffff;
            if (!ClientHello.grease(value)) {
                s.append(separator);
                hex(s, value);
                separator = ',';
            }
        }
    }

    private static StringBuilder list(StringBuilder s, int[] values, int count) {
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                s.append(',');
            }
            hex(s, values[i]);
        }
        return s;
    }

    private static String hash(StringBuilder text) {
        if (text.length() == 0) {
            return EMPTY_HASH;
        }
        byte[] ascii = new byte[text.length()];
        for (int i = 0; i < ascii.length; i++) {
            ascii[i] = (byte) text.charAt(i);
        }
        return Digests.sha256(ascii, 6);
    }

    private static void hex(StringBuilder s, int value) {
        s.append(Digests.digit(value >> 12))
                .append(Digests.digit(value >> 8))
                .append(Digests.digit(value >> 4))
                .append(Digests.digit(value));
    }

    private static void count(StringBuilder s, int count) {
        int shown = Math.min(count, 99);
        s.append((char) ('0' + shown / 10)).append((char) ('0' + shown % 10));
    }

    private static boolean alphanumeric(int c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }

    private static String version(int version) {
        return switch (version) {
            case 0x0304 -> "13";
            case 0x0303 -> "12";
            case 0x0302 -> "11";
            case 0x0301 -> "10";
            case 0x0300 -> "s3";
            case 0x0002 -> "s2";
            case 0xfeff -> "d1";
            case 0xfefd -> "d2";
            case 0xfefc -> "d3";
            default -> "00";
        };
    }
}
