// SPDX-License-Identifier: Apache-2.0
package egret.capture.decode;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A frame that is built from the inside to the outside: {@code tcp(…).ipv4(…).vlan(5).ethernet()}. Immutable; every
 * layer names the one inside as that protocol's number wants it. Checksums are 0, which no decoder may mind.
 */
public final class FrameBuilder {
    private static final int NONE = -1;

    private final byte[] bytes;
    private final int linkType;
    private final int etherType;
    private final int ipProtocol;
    private final int pppProtocol;

    private FrameBuilder(byte[] bytes, int linkType, int etherType, int ipProtocol, int pppProtocol) {
        this.bytes = bytes;
        this.linkType = linkType;
        this.etherType = etherType;
        this.ipProtocol = ipProtocol;
        this.pppProtocol = pppProtocol;
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    public int linkType() {
        return linkType;
    }

    public static FrameBuilder tcp(int source, int destination, int sequence, int flags, byte[] payload) {
        return tcp(source, destination, sequence, 0, flags, new byte[0], payload);
    }

    /** @param options a multiple of 4 bytes */
    public static FrameBuilder tcp(
            int source, int destination, int sequence, int acknowledgment, int flags, byte[] options, byte[] payload) {
        ByteBuffer header = ByteBuffer.allocate(20 + options.length);
        header.putShort((short) source)
                .putShort((short) destination)
                .putInt(sequence)
                .putInt(acknowledgment);
        header.put((byte) ((20 + options.length) / 4 << 4)).put((byte) flags).putShort((short) 65535);
        header.putInt(0).put(options);
        return new FrameBuilder(Bytes.join(header.array(), payload), NONE, NONE, 6, NONE);
    }

    public static FrameBuilder udp(int source, int destination, byte[] payload) {
        byte[] header =
                Bytes.join(Bytes.two(source), Bytes.two(destination), Bytes.two(8 + payload.length), new byte[2]);
        return new FrameBuilder(Bytes.join(header, payload), NONE, NONE, 17, NONE);
    }

    /** Bytes that are the payload of an IP protocol. */
    public static FrameBuilder payload(int ipProtocol, byte[] payload) {
        return new FrameBuilder(payload.clone(), NONE, NONE, ipProtocol, NONE);
    }

    /** Bytes that are the payload of an EtherType. */
    public static FrameBuilder etherPayload(int etherType, byte[] payload) {
        return new FrameBuilder(payload.clone(), NONE, etherType, NONE, NONE);
    }

    public FrameBuilder ipv4(String source, String destination) {
        return ipv4(source, destination, 64, 0, 0, new byte[0]);
    }

    /**
     * @param fragment the 16 bits of flags and offset
     * @param options a multiple of 4 bytes
     */
    public FrameBuilder ipv4(String source, String destination, int ttl, int id, int fragment, byte[] options) {
        int header = 20 + options.length;
        ByteBuffer head = ByteBuffer.allocate(header);
        head.put((byte) (0x40 | header / 4)).put((byte) 0).putShort((short) (header + bytes.length));
        head.putShort((short) id).putShort((short) fragment).put((byte) ttl).put((byte) known(ipProtocol));
        head.putShort((short) 0)
                .put(Bytes.address(source))
                .put(Bytes.address(destination))
                .put(options);
        return new FrameBuilder(Bytes.join(head.array(), bytes), 228, 0x0800, 4, 0x21);
    }

    public FrameBuilder ipv6(String source, String destination) {
        return ipv6(source, destination, 64, bytes.length);
    }

    /** @param payloadLength as the header states it */
    public FrameBuilder ipv6(String source, String destination, int hopLimit, int payloadLength) {
        ByteBuffer head = ByteBuffer.allocate(40);
        head.putInt(0x60000000)
                .putShort((short) payloadLength)
                .put((byte) known(ipProtocol))
                .put((byte) hopLimit);
        head.put(Bytes.address(source)).put(Bytes.address(destination));
        return new FrameBuilder(Bytes.join(head.array(), bytes), 229, 0x86dd, 41, 0x57);
    }

    /** An IPv6 extension header, or with 51 an authentication header, of {@code length} bytes. */
    public FrameBuilder extension(int type, int length) {
        ByteBuffer head = ByteBuffer.allocate(length);
        head.put((byte) known(ipProtocol)).put((byte) (type == 51 ? length / 4 - 2 : length / 8 - 1));
        if (type == 0 || type == 60) {
            head.put((byte) 1).put((byte) (length - 4)); // PadN
        }
        return new FrameBuilder(Bytes.join(head.array(), bytes), NONE, NONE, type, NONE);
    }

    /** A hop-by-hop header with the jumbo payload option; give the IPv6 header a payload length of 0. */
    public FrameBuilder jumbo() {
        ByteBuffer head = ByteBuffer.allocate(8);
        head.put((byte) known(ipProtocol))
                .put((byte) 0)
                .put((byte) 0xc2)
                .put((byte) 4)
                .putInt(8 + bytes.length);
        return new FrameBuilder(Bytes.join(head.array(), bytes), NONE, NONE, 0, NONE);
    }

    /** Fragments of an IPv4 datagram with this payload; cuts are offsets, multiples of 8, ascending. */
    public List<FrameBuilder> ipv4Fragments(String source, String destination, int id, int... cuts) {
        List<FrameBuilder> fragments = new ArrayList<>();
        for (int i = 0; i <= cuts.length; i++) {
            int fragment = (i < cuts.length ? 0x2000 : 0) | (i == 0 ? 0 : cuts[i - 1]) / 8;
            fragments.add(part(cuts, i).ipv4(source, destination, 64, id, fragment, new byte[0]));
        }
        return fragments;
    }

    /** As {@link #ipv4Fragments}, in IPv6. */
    public List<FrameBuilder> ipv6Fragments(String source, String destination, int id, int... cuts) {
        List<FrameBuilder> fragments = new ArrayList<>();
        for (int i = 0; i <= cuts.length; i++) {
            FrameBuilder part = part(cuts, i).fragmentHeader(id, i == 0 ? 0 : cuts[i - 1], i < cuts.length);
            fragments.add(part.ipv6(source, destination));
        }
        return fragments;
    }

    private FrameBuilder part(int[] cuts, int i) {
        int to = i == cuts.length ? bytes.length : cuts[i];
        return payload(ipProtocol, Arrays.copyOfRange(bytes, i == 0 ? 0 : cuts[i - 1], to));
    }

    public FrameBuilder fragmentHeader(int id, int offset, boolean more) {
        ByteBuffer head = ByteBuffer.allocate(8);
        head.put((byte) known(ipProtocol))
                .put((byte) 0)
                .putShort((short) (offset | (more ? 1 : 0)))
                .putInt(id);
        return new FrameBuilder(Bytes.join(head.array(), bytes), NONE, NONE, 44, NONE);
    }

    public FrameBuilder ethernet() {
        return ethernet(0);
    }

    /** @param padding bytes behind the payload, not 0 */
    public FrameBuilder ethernet(int padding) {
        byte[] tail = new byte[padding];
        Arrays.fill(tail, (byte) 0xee);
        byte[] addresses = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2};
        return new FrameBuilder(Bytes.join(addresses, Bytes.two(known(etherType)), bytes, tail), 1, 0x6558, 143, 0x31);
    }

    /** 802.3 with LLC and SNAP. */
    public FrameBuilder ethernetSnap() {
        byte[] addresses = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2};
        byte[] snap = snap();
        return new FrameBuilder(Bytes.join(addresses, Bytes.two(snap.length), snap, new byte[7]), 1, 0x6558, 143, 0x31);
    }

    private byte[] snap() {
        return Bytes.join(new byte[] {(byte) 0xaa, (byte) 0xaa, 3, 0, 0, 0}, Bytes.two(known(etherType)), bytes);
    }

    public FrameBuilder vlan(int id) {
        return vlan(0x8100, id);
    }

    /** @param tag 0x8100, 0x88a8 or 0x9100 */
    public FrameBuilder vlan(int tag, int id) {
        return new FrameBuilder(Bytes.join(Bytes.two(id), Bytes.two(known(etherType)), bytes), NONE, tag, NONE, NONE);
    }

    public FrameBuilder vnTag() {
        return new FrameBuilder(
                Bytes.join(new byte[] {0, 1, 0, 2}, Bytes.two(known(etherType)), bytes), NONE, 0x8926, NONE, NONE);
    }

    /** A stack of labels, outermost first; only the last has the bottom bit. */
    public FrameBuilder mpls(int... labels) {
        ByteBuffer stack = ByteBuffer.allocate(4 * labels.length);
        for (int i = 0; i < labels.length; i++) {
            stack.putInt(labels[i] << 12 | (i == labels.length - 1 ? 0x100 : 0) | 64);
        }
        return new FrameBuilder(Bytes.join(stack.array(), bytes), 219, 0x8847, 137, 0x281);
    }

    /** A pseudowire's control word, to be put into {@link #mpls}. */
    public FrameBuilder controlWord() {
        return new FrameBuilder(Bytes.join(new byte[4], bytes), NONE, NONE, NONE, NONE);
    }

    public FrameBuilder pppoe() {
        byte[] head =
                Bytes.join(new byte[] {0x11, 0, 0, 7}, Bytes.two(2 + bytes.length), Bytes.two(known(pppProtocol)));
        return new FrameBuilder(Bytes.join(head, bytes), 51, 0x8864, NONE, NONE);
    }

    /**
     * @param framed with address and control bytes
     * @param compressed with one byte for the protocol
     */
    public FrameBuilder ppp(boolean framed, boolean compressed) {
        byte[] head = framed ? new byte[] {(byte) 0xff, 3} : new byte[0];
        byte[] protocol = compressed ? new byte[] {(byte) known(pppProtocol)} : Bytes.two(known(pppProtocol));
        return new FrameBuilder(Bytes.join(head, protocol, bytes), 9, 0x880b, NONE, NONE);
    }

    public FrameBuilder ciscoHdlc() {
        return link(104, new byte[] {0x0f, 0}, Bytes.two(known(etherType)));
    }

    /** RFC 2427 for IP, SNAP for the rest. */
    public FrameBuilder frameRelay() {
        byte[] address = {0x18, 0x41};
        return switch (known(etherType)) {
            case 0x0800 -> link(107, address, new byte[] {3, (byte) 0xcc});
            case 0x86dd -> link(107, address, new byte[] {3, (byte) 0x8e});
            default -> link(107, address, new byte[] {3, 0, (byte) 0x80, 0, 0, 0}, Bytes.two(etherType));
        };
    }

    public FrameBuilder raw() {
        return link(101);
    }

    /** @param family the family of the other address types, e.g. 30 for IPv6 on macOS */
    public FrameBuilder loopback(int linkType, int family, boolean littleEndian) {
        return link(linkType, Bytes.four(littleEndian ? Integer.reverseBytes(family) : family));
    }

    public FrameBuilder sll() {
        return link(113, new byte[] {0, 4, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0}, Bytes.two(known(etherType)));
    }

    public FrameBuilder sll2() {
        return link(
                276, Bytes.two(known(etherType)), new byte[] {0, 0, 0, 0, 0, 3, 0, 1, 4, 6, 2, 0, 0, 0, 0, 1, 0, 0});
    }

    public FrameBuilder nflog(boolean littleEndian) {
        ByteBuffer head = ByteBuffer.allocate(16).put((byte) (etherType == 0x0800 ? 2 : 10));
        head.position(4).order(littleEndian ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        head.putShort((short) 5).putShort((short) 10).putInt(0x41); // a prefix of one byte, padded
        head.putShort((short) (4 + bytes.length)).putShort((short) 9);
        return link(239, head.array());
    }

    /** An 802.11 data frame, with quality of service or without. */
    public FrameBuilder wifi(boolean qualityOfService) {
        byte[] head = new byte[qualityOfService ? 26 : 24];
        head[0] = (byte) (qualityOfService ? 0x88 : 0x08);
        head[1] = 1;
        return new FrameBuilder(Bytes.join(head, snap()), 105, NONE, NONE, NONE);
    }

    /** Before {@link #wifi}: a time stamp, flags and a rate. */
    public FrameBuilder radiotap() {
        byte[] head = new byte[18];
        head[2] = 18;
        head[4] = 7;
        return link(127, head);
    }

    public FrameBuilder infiniband() {
        return link(242, new byte[40], Bytes.two(known(etherType)), new byte[2]);
    }

    /** An Ethernet mPacket. */
    public FrameBuilder preamble() {
        return link(274, new byte[] {0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, (byte) 0xd5});
    }

    /** PPI around the frame of a link type below 256. */
    public FrameBuilder perPacketInformation() {
        return link(192, new byte[] {0, 0, 12, 0, (byte) linkType, 0, 0, 0, 1, 2, 3, 4});
    }

    /** Around {@link #wifi}. */
    public FrameBuilder prism() {
        return link(119, new byte[] {0x44, 0, 0, 0, 24, 0, 0, 0}, new byte[16]);
    }

    private FrameBuilder link(int type, byte[]... heads) {
        return new FrameBuilder(Bytes.join(Bytes.join(heads), bytes), type, NONE, NONE, NONE);
    }

    /** @param flags of checksum (0x8000), key (0x2000) and sequence (0x1000), whose fields are then there */
    public FrameBuilder gre(int flags) {
        int optional = 4 * Integer.bitCount(flags & 0xb000);
        return gre(flags, known(etherType), new byte[optional]);
    }

    private FrameBuilder gre(int flags, int type, byte[] optional) {
        return new FrameBuilder(Bytes.join(Bytes.two(flags), Bytes.two(type), optional, bytes), NONE, NONE, 47, NONE);
    }

    /** Enhanced GRE with PPP, RFC 2637. */
    public FrameBuilder pptp() {
        byte[] ppp = ppp(true, false).bytes;
        byte[] head = Bytes.join(Bytes.two(0x3081), Bytes.two(0x880b), Bytes.two(ppp.length), new byte[10]);
        return new FrameBuilder(Bytes.join(head, ppp), NONE, NONE, 47, NONE);
    }

    /** With the routing field of RFC 1701: one entry of 4 bytes and the end. */
    public FrameBuilder greRouted() {
        return gre(0x4000, known(etherType), new byte[] {0, 0, 0, 0, 8, 0, 0, 4, 1, 2, 3, 4, 0, 0, 0, 0});
    }

    /** @param type 1, 2 or 3 */
    public FrameBuilder erspan(int type) {
        return switch (type) {
            case 1 -> gre(0, 0x88be, new byte[0]);
            case 2 -> gre(0x1000, 0x88be, new byte[] {0, 0, 0, 1, 0x10, 5, 0, 1, 0, 0, 0, 0});
            case 3 -> gre(0x1000, 0x22eb, Bytes.join(new byte[] {0, 0, 0, 1, 0x20, 5}, new byte[10]));
            default ->
                gre(
                        0x1000,
                        0x22eb,
                        Bytes.join(new byte[] {0, 0, 0, 1, 0x20, 5}, new byte[9], new byte[] {1}, new byte[8]));
        };
    }

    public FrameBuilder vxlan(int vni) {
        return udp(50000, 4789, Bytes.join(new byte[] {8, 0, 0, 0}, Bytes.four(vni << 8), bytes));
    }

    public FrameBuilder vxlanGpe(int vni) {
        int next = etherType == 0x0800 ? 1 : etherType == 0x86dd ? 2 : 3;
        return udp(50000, 4790, Bytes.join(new byte[] {0x0c, 0, 0, (byte) next}, Bytes.four(vni << 8), bytes));
    }

    /** @param options a multiple of 4 bytes */
    public FrameBuilder geneve(int vni, byte[] options) {
        byte[] head = Bytes.join(
                new byte[] {(byte) (options.length / 4), 0}, Bytes.two(known(etherType)), Bytes.four(vni << 8));
        return udp(50000, 6081, Bytes.join(head, options, bytes));
    }

    /** @param extended with sequence number and one extension header */
    public FrameBuilder gtp(boolean extended) {
        byte[] optional = extended ? new byte[] {0, 1, 0, (byte) 0x85, 1, 0, 0, 0} : new byte[0];
        byte[] head = Bytes.join(
                new byte[] {(byte) (extended ? 0x36 : 0x30), (byte) 0xff}, Bytes.two(optional.length + bytes.length));
        return udp(2152, 2152, Bytes.join(head, Bytes.four(7), optional, bytes));
    }

    /** @param indicated with authentication and origin */
    public FrameBuilder teredo(boolean indicated) {
        byte[] head = indicated ? Bytes.join(new byte[] {0, 1, 0, 0}, new byte[9], new byte[8]) : new byte[0];
        return udp(50000, 3544, Bytes.join(head, bytes));
    }

    public FrameBuilder l2tp(boolean length) {
        byte[] ppp = ppp(true, false).bytes;
        byte[] head = length ? Bytes.join(Bytes.two(0x4002), Bytes.two(8 + ppp.length)) : Bytes.two(0x0002);
        return udp(1701, 1701, Bytes.join(head, new byte[] {0, 1, 0, 2}, ppp));
    }

    /** An 802.3 frame, or with {@code wireless} an 802.11 one that {@link #wifi} made. */
    public FrameBuilder capwap(boolean wireless) {
        return udp(50000, 5247, Bytes.join(new byte[] {0, 0x10, (byte) (wireless ? 3 : 2), 0, 0, 0, 0, 0}, bytes));
    }

    public FrameBuilder greInUdp() {
        return udp(50000, 4754, Bytes.join(new byte[] {0, 0}, Bytes.two(known(etherType)), bytes));
    }

    public FrameBuilder etherIp() {
        return new FrameBuilder(Bytes.join(new byte[] {0x30, 0}, bytes), NONE, NONE, 97, NONE);
    }

    private static int known(int number) {
        if (number == NONE) {
            throw new IllegalStateException("the layer inside has no number for the one around it");
        }
        return number;
    }
}
