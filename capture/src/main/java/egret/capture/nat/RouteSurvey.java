// SPDX-License-Identifier: Apache-2.0
package egret.capture.nat;

import egret.capture.linux.Libc;
import egret.capture.linux.NetlinkAttributes;
import egret.capture.linux.NetlinkMessages;
import egret.capture.linux.NetlinkSocket;
import egret.rules.IpAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One reading of interfaces, their addresses and default routes by rtnetlink(7). Not for the hot path. */
final class RouteSurvey {
    private static final int RTM_NEWLINK = 16;
    private static final int RTM_GETLINK = 18;
    private static final int RTM_NEWADDR = 20;
    private static final int RTM_GETADDR = 22;
    private static final int RTM_NEWROUTE = 24;
    private static final int RTM_GETROUTE = 26;

    /** struct ifinfomsg, ifaddrmsg and rtmsg. */
    private static final int LINK_BYTES = 16;

    private static final int ADDRESS_BYTES = 8;
    private static final int ROUTE_BYTES = 12;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_INFO_KIND = 1;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int RTA_OIF = 4;
    private static final int RTA_MULTIPATH = 9;
    private static final int RTN_UNICAST = 1;
    private static final byte RT_SCOPE_LINK = (byte) 253;
    private static final int IFF_UP = 1;
    private static final int IFF_LOOPBACK = 8;
    private static final int DATAGRAM_BYTES = 64 << 10;

    /** Of some 100 routes each: what is longer is a core router's table, whose default route is not the question. */
    private static final int MOST_DATAGRAMS = 4096;

    /** Beyond any machine's. */
    private static final int MOST_LINKS = 65_536;

    private static final class Found {
        String name = "";
        String kind = "";
        int flags;
        boolean wayOut;
        final List<IpAddress> addresses = new ArrayList<>();
    }

    private final ByteBuffer bytes = NetlinkSocket.buffer(DATAGRAM_BYTES);
    private final NetlinkMessages messages = new NetlinkMessages();
    private final NetlinkAttributes attributes = new NetlinkAttributes();
    private final NetlinkAttributes inner = new NetlinkAttributes();
    private final Map<Integer, Found> found = new TreeMap<>();

    private RouteSurvey() {}

    static List<HostNetwork.Link> links() throws IOException {
        RouteSurvey survey = new RouteSurvey();
        try (NetlinkSocket socket = NetlinkSocket.open(NetlinkSocket.ROUTE)) {
            survey.dump(socket, RTM_GETLINK);
            survey.dump(socket, RTM_GETADDR);
            survey.dump(socket, RTM_GETROUTE);
        }
        List<HostNetwork.Link> links = new ArrayList<>();
        for (Found each : survey.found.values()) {
            links.add(new HostNetwork.Link(
                    each.name,
                    each.kind,
                    (each.flags & IFF_UP) != 0,
                    (each.flags & IFF_LOOPBACK) != 0,
                    each.wayOut,
                    each.addresses));
        }
        return links;
    }

    private void dump(NetlinkSocket socket, int type) throws IOException {
        int length = NetlinkMessages.HEADER_BYTES + LINK_BYTES;
        for (int at = 0; at < length; at++) {
            bytes.put(at, (byte) 0);
        }
        NetlinkMessages.header(bytes, length, type, NetlinkMessages.NLM_F_REQUEST | NetlinkMessages.NLM_F_DUMP, type);
        if (!socket.send(bytes, length)) {
            throw new IOException("asking for interfaces: " + Libc.strerror(Libc.errno()));
        }
        for (int part = 0; part < MOST_DATAGRAMS; part++) {
            int received = socket.receive(bytes);
            if (received <= 0) {
                return;
            }
            messages.over(bytes, received);
            while (messages.next()) {
                if (messages.type() == NetlinkMessages.NLMSG_DONE || messages.type() == NetlinkMessages.NLMSG_ERROR) {
                    return;
                }
                take();
            }
        }
    }

    private void take() {
        switch (messages.type()) {
            case RTM_NEWLINK -> link();
            case RTM_NEWADDR -> address();
            case RTM_NEWROUTE -> route();
            default -> {}
        }
    }

    private void link() {
        if (messages.bodyBytes() < LINK_BYTES || found.size() == MOST_LINKS) {
            return;
        }
        Found link = new Found();
        found.put(bytes.getInt(messages.body() + 4), link);
        link.flags = bytes.getInt(messages.body() + 8);
        attributes.over(bytes, messages.body() + LINK_BYTES, messages.end());
        while (attributes.next()) {
            if (attributes.type() == IFLA_IFNAME) {
                link.name = text(attributes);
            } else if (attributes.type() == IFLA_LINKINFO) {
                inner.inside(attributes);
                while (inner.next()) {
                    if (inner.type() == IFLA_INFO_KIND) {
                        link.kind = text(inner);
                    }
                }
            }
        }
    }

    private void address() {
        Found link = messages.bodyBytes() < ADDRESS_BYTES ? null : found.get(bytes.getInt(messages.body() + 4));
        // Each interface that is up gives itself one of IPv6's link-local addresses, the end of a mirror too.
        if (link == null || bytes.get(messages.body() + 3) == RT_SCOPE_LINK) {
            return;
        }
        // Of a point-to-point link the local address is this machine's, of others there is but one.
        IpAddress own = null;
        attributes.over(bytes, messages.body() + ADDRESS_BYTES, messages.end());
        while (attributes.next()) {
            boolean local = attributes.type() == IFA_LOCAL;
            if (local || (attributes.type() == IFA_ADDRESS && own == null)) {
                own = value(attributes);
                if (local) {
                    break;
                }
            }
        }
        if (own != null) {
            link.addresses.add(own);
        }
    }

    private void route() {
        int body = messages.body();
        boolean isDefault =
                messages.bodyBytes() >= ROUTE_BYTES && bytes.get(body + 1) == 0 && bytes.get(body + 7) == RTN_UNICAST;
        if (!isDefault) {
            return;
        }
        attributes.over(bytes, body + ROUTE_BYTES, messages.end());
        while (attributes.next()) {
            int at = attributes.value();
            if (attributes.type() == RTA_OIF && attributes.valueBytes() == 4) {
                wayOut(bytes.getInt(at));
            } else if (attributes.type() == RTA_MULTIPATH) {
                // struct rtnexthop: length, flags, hops, interface.
                while (attributes.end() - at >= 8) {
                    wayOut(bytes.getInt(at + 4));
                    at += Math.max(8, ((bytes.getShort(at) & 0xffff) + 3) & ~3);
                }
            }
        }
    }

    private void wayOut(int index) {
        Found link = found.get(index);
        if (link != null) {
            link.wayOut = true;
        }
    }

    private String text(NetlinkAttributes of) {
        int length = of.valueBytes();
        byte[] copy = new byte[length];
        for (int i = 0; i < length; i++) {
            copy[i] = bytes.get(of.value() + i);
            if (copy[i] == 0) {
                return new String(copy, 0, i, StandardCharsets.UTF_8);
            }
        }
        return new String(copy, StandardCharsets.UTF_8);
    }

    private @Nullable IpAddress value(NetlinkAttributes of) {
        int at = of.value();
        boolean swap = bytes.order() == ByteOrder.LITTLE_ENDIAN;
        if (of.valueBytes() == 4) {
            int value = bytes.getInt(at);
            return IpAddress.ofIpv4(swap ? Integer.reverseBytes(value) : value);
        }
        if (of.valueBytes() == 16) {
            long high = bytes.getLong(at);
            long low = bytes.getLong(at + 8);
            return swap ? new IpAddress(Long.reverseBytes(high), Long.reverseBytes(low)) : new IpAddress(high, low);
        }
        return null;
    }
}
