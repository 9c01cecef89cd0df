// SPDX-License-Identifier: Apache-2.0
package egret.capture.protocol;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Builds a ClientHello byte by byte for tests; extensions stand in the order in which they are added. */
public final class HelloBuilder {
    private record Extension(int type, byte[] value) {}

    private int version = 0x0303;
    private byte[] random = seeded(1, 32);
    private byte[] sessionId = seeded(2, 32);
    private int[] ciphers = {0x1301};
    private boolean extensionBlock = true;
    private final List<Extension> extensions = new ArrayList<>();

    /** The hello of dockerd 20.10.24 (Go 1.19): no ALPN, the name first. */
    public static HelloBuilder dockerd(String name) {
        return new HelloBuilder()
                .ciphers(0xc02b, 0xc02f, 0xc02c, 0xc030, 0xc009, 0xc013, 0xc00a, 0xc014, 0x1301, 0x1302, 0x1303)
                .serverName(name)
                .extension(5, bytes(1, 0, 0, 0, 0))
                .groups(29, 23, 24, 25)
                .pointFormats(0)
                .signatures(
                        0x0804, 0x0403, 0x0807, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0503, 0x0603, 0x0201, 0x0203)
                .extension(0xff01, bytes(0))
                .extension(18, bytes())
                .versions(0x0304, 0x0303, 0x0302, 0x0301)
                .keyShare(29, 32);
    }

    /** The hello of curl 7.88.1 with OpenSSL 3.0. */
    public static HelloBuilder curl(String name, String... protocols) {
        return new HelloBuilder()
                .ciphers(
                        0x1302, 0x1303, 0x1301, 0xc02c, 0xc030, 0x009f, 0xcca9, 0xcca8, 0xccaa, 0xc02b, 0xc02f, 0x009e,
                        0xc024, 0xc028, 0x006b, 0xc023, 0xc027, 0x0067, 0xc00a, 0xc014, 0x0039, 0xc009, 0xc013, 0x0033,
                        0x009d, 0x009c, 0x003d, 0x003c, 0x0035, 0x002f, 0x00ff)
                .serverName(name)
                .pointFormats(0, 1, 2)
                .groups(29, 23, 30, 25, 24, 256, 257, 258, 259, 260)
                .alpn(protocols)
                .extension(22, bytes())
                .extension(23, bytes())
                .extension(49, bytes())
                .signatures(
                        0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0809, 0x080a, 0x080b, 0x0804, 0x0805, 0x0806, 0x0401,
                        0x0501, 0x0601, 0x0303, 0x0301, 0x0302, 0x0402, 0x0502, 0x0602)
                .versions(0x0304, 0x0303, 0x0302, 0x0301)
                .extension(45, bytes(1, 1))
                .keyShare(29, 32)
                .extension(21, new byte[100]);
    }

    /** A Chrome of 2023, with GREASE everywhere that Chrome puts it. */
    public static HelloBuilder chrome(String name, int grease) {
        return new HelloBuilder()
                .ciphers(
                        grease, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014,
                        0x009c, 0x009d, 0x002f, 0x0035)
                .extension(grease, bytes())
                .serverName(name)
                .extension(23, bytes())
                .extension(0xff01, bytes(0))
                .groups(grease, 29, 23, 24)
                .pointFormats(0)
                .extension(35, bytes())
                .alpn("h2", "http/1.1")
                .extension(5, bytes(1, 0, 0, 0, 0))
                .signatures(0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601)
                .extension(18, bytes())
                .keyShare(29, 32)
                .extension(45, bytes(1, 1))
                .versions(grease, 0x0304, 0x0303)
                .extension(27, bytes(2, 0, 2))
                .extension(17513, bytes(0, 3, 2, 'h', '2'))
                .extension(grease ^ 0x1010, bytes(0))
                .extension(21, new byte[80]);
    }

    public HelloBuilder version(int value) {
        version = value;
        return this;
    }

    public HelloBuilder random(byte... value) {
        random = value.clone();
        return this;
    }

    public HelloBuilder sessionId(byte... value) {
        sessionId = value.clone();
        return this;
    }

    public HelloBuilder ciphers(int... values) {
        ciphers = values.clone();
        return this;
    }

    public HelloBuilder withoutExtensionBlock() {
        extensionBlock = false;
        return this;
    }

    public HelloBuilder extension(int type, byte... value) {
        extensions.add(new Extension(type, value.clone()));
        return this;
    }

    public HelloBuilder serverName(String name) {
        byte[] ascii = name.getBytes(StandardCharsets.ISO_8859_1);
        return extension(0, join(number(2, ascii.length + 3), bytes(0), number(2, ascii.length), ascii));
    }

    public HelloBuilder alpn(String... protocols) {
        byte[] list = {};
        for (String protocol : protocols) {
            byte[] ascii = protocol.getBytes(StandardCharsets.ISO_8859_1);
            list = join(list, number(1, ascii.length), ascii);
        }
        return extension(16, join(number(2, list.length), list));
    }

    public HelloBuilder groups(int... values) {
        return extension(10, join(number(2, 2 * values.length), shorts(values)));
    }

    public HelloBuilder pointFormats(int... values) {
        return extension(11, join(number(1, values.length), bytes(values)));
    }

    public HelloBuilder signatures(int... values) {
        return extension(13, join(number(2, 2 * values.length), shorts(values)));
    }

    public HelloBuilder versions(int... values) {
        return extension(43, join(number(1, 2 * values.length), shorts(values)));
    }

    public HelloBuilder keyShare(int group, int length) {
        return extension(51, join(number(2, length + 4), number(2, group), number(2, length), seeded(3, length)));
    }

    /** X25519MLKEM768: 1,216 bytes, the reason why hellos no longer fit one segment. */
    public HelloBuilder mlKemKeyShare() {
        return keyShare(4588, 1216);
    }

    public HelloBuilder ech() {
        return extension(0xfe0d, join(bytes(0, 0, 1, 0, 1, 7, 0, 32), seeded(4, 32), number(2, 144), seeded(5, 144)));
    }

    /** The handshake message, type byte first. */
    public byte[] message() {
        byte[] all = {};
        for (Extension e : extensions) {
            all = join(all, number(2, e.type), number(2, e.value.length), e.value);
        }
        byte[] body = join(
                number(2, version),
                random,
                number(1, sessionId.length),
                sessionId,
                number(2, 2 * ciphers.length),
                shorts(ciphers),
                bytes(1, 0),
                extensionBlock ? join(number(2, all.length), all) : bytes());
        return join(bytes(1), number(3, body.length), body);
    }

    /** The message in one record of version 3.1, as clients send it. */
    public byte[] record() {
        return records(message().length);
    }

    /** The message in records of these body lengths; the rest goes into a last one. */
    public byte[] records(int... lengths) {
        byte[] message = message();
        byte[] out = {};
        int at = 0;
        for (int i = 0; at < message.length; i++) {
            int length = Math.min(i < lengths.length ? lengths[i] : message.length, message.length - at);
            byte[] part = new byte[length];
            System.arraycopy(message, at, part, 0, length);
            out = join(out, bytes(22, 3, 1), number(2, length), part);
            at += length;
        }
        return out;
    }

    static byte[] bytes(int... values) {
        byte[] out = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            out[i] = (byte) values[i];
        }
        return out;
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] number(int width, long value) {
        byte[] out = new byte[width];
        for (int i = 0; i < width; i++) {
            out[width - 1 - i] = (byte) (value >>> (8 * i));
        }
        return out;
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] shorts(int... values) {
        byte[] out = {};
        for (int value : values) {
            out = join(out, number(2, value));
        }
        return out;
    }

    private static byte[] seeded(long seed, int length) {
        byte[] out = new byte[length];
        new Random(seed).nextBytes(out);
        return out;
    }
}
