// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

import egret.capture.linux.Libc;
import egret.capture.linux.Libpcap;
import egret.capture.linux.NetworkDevice;
import egret.rules.IpAddress;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What can be captured on this machine.
 *
 * @param found in the kernel's order
 * @param granted whether this process may capture
 * @param missing what is needed for that, in a sentence, or null
 * @param command the one command that grants it, or null
 * @param libpcap its version, or null where it is not installed: needed for filters in words, and off Linux for all
 */
public record Interfaces(
        List<Found> found,
        boolean granted,
        @Nullable String missing,
        @Nullable String command,
        @Nullable String libpcap) {
    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;

    /** Where an interface leads. */
    public enum Side {
        /** It has private addresses and the way to the Internet is another. */
        INSIDE,
        /** The way to the Internet. */
        OUTSIDE,
        UNKNOWN
    }

    /** An address of ours, and how many of its bits are the network's. */
    public record Address(IpAddress address, int prefixLength) {
        /** As in 192.0.2.7/24. */
        @Override
        public String toString() {
            return address + "/" + prefixLength;
        }
    }

    /**
     * A network interface.
     *
     * @param index the kernel's number
     * @param link the kind of its link, for people
     * @param linkType libpcap's LINKTYPE_ value of its packets
     */
    public record Found(
            int index,
            String name,
            List<Address> addresses,
            String link,
            int linkType,
            boolean up,
            boolean loopback,
            Side side) {}

    public Interfaces {
        found = List.copyOf(found);
    }

    /** Asks the kernel; sends nothing. */
    public static Interfaces here() {
        List<Found> found = LiveCapture.isLinux() ? linux() : portable();
        String libpcap = libpcapVersion();
        if (!LiveCapture.isLinux() || CaptureRight.granted()) {
            return new Interfaces(found, true, null, null, libpcap);
        }
        CaptureRight.Missing missing = CaptureRight.missing();
        return new Interfaces(found, false, missing.introduction(), missing.command(), libpcap);
    }

    private static @Nullable String libpcapVersion() {
        try {
            return Libpcap.version();
        } catch (LinkageError absent) {
            return null;
        }
    }

    /** Java's own list lacks interfaces without addresses, such as those that a mirror feeds. */
    private static List<Found> linux() {
        List<Found> found = new ArrayList<>();
        InetAddress out4 = localAddressTowards("192.0.2.1");
        InetAddress out6 = localAddressTowards("2001:db8::1");
        int fd = Libc.socket(AF_INET, SOCK_DGRAM_CLOEXEC, 0);
        try (DeviceTable table = new DeviceTable()) {
            for (String name : table.names()) {
                int index = NetworkDevice.index(fd, name);
                int flags = NetworkDevice.flags(fd, name);
                if (index == 0 || flags < 0) {
                    continue; // gone in between
                }
                boolean loopback = (flags & NetworkDevice.LOOPBACK) != 0;
                List<InterfaceAddress> addresses = addresses(name);
                found.add(new Found(
                        index,
                        name,
                        own(addresses),
                        LinkTypes.name(NetworkDevice.hardwareType(fd, name)),
                        LinkTypes.of(NetworkDevice.hardwareType(fd, name)),
                        (flags & NetworkDevice.UP) != 0,
                        loopback,
                        side(loopback, addresses, out4, out6)));
            }
        } finally {
            if (fd >= 0) {
                Libc.close(fd);
            }
        }
        return found;
    }

    private static List<Found> portable() {
        List<Found> found = new ArrayList<>();
        InetAddress out4 = localAddressTowards("192.0.2.1");
        InetAddress out6 = localAddressTowards("2001:db8::1");
        try {
            for (NetworkInterface device : NetworkInterface.networkInterfaces().toList()) {
                List<InterfaceAddress> addresses = device.getInterfaceAddresses();
                boolean loopback = device.isLoopback();
                found.add(new Found(
                        device.getIndex(),
                        device.getName(),
                        own(addresses),
                        LinkTypes.name(-1),
                        LinkTypes.ETHERNET,
                        device.isUp(),
                        loopback,
                        side(loopback, addresses, out4, out6)));
            }
        } catch (SocketException none) {
            return found;
        }
        return found;
    }

    private static List<InterfaceAddress> addresses(String name) {
        try {
            NetworkInterface device = NetworkInterface.getByName(name);
            return device == null ? List.of() : device.getInterfaceAddresses();
        } catch (SocketException gone) {
            return List.of();
        }
    }

    private static List<Address> own(List<InterfaceAddress> addresses) {
        List<Address> own = new ArrayList<>();
        for (InterfaceAddress address : addresses) {
            byte[] bytes = address.getAddress().getAddress();
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            IpAddress ip = bytes.length == 4
                    ? IpAddress.ofIpv4(buffer.getInt(0))
                    : new IpAddress(buffer.getLong(0), buffer.getLong(8));
            own.add(new Address(ip, address.getNetworkPrefixLength()));
        }
        return List.copyOf(own);
    }

    /** Which of our addresses the routing table would use; connecting a datagram socket sends nothing. */
    private static @Nullable InetAddress localAddressTowards(String remote) {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(remote, 9));
            InetAddress local = socket.getLocalAddress();
            return local.isAnyLocalAddress() || local.isLoopbackAddress() ? null : local;
        } catch (SocketException | RuntimeException noRoute) {
            return null;
        }
    }

    private static Side side(
            boolean loopback,
            List<InterfaceAddress> addresses,
            @Nullable InetAddress out4,
            @Nullable InetAddress out6) {
        boolean hasPrivate = false;
        for (InterfaceAddress address : addresses) {
            InetAddress own = address.getAddress();
            if (own.equals(out4) || own.equals(out6)) {
                return Side.OUTSIDE;
            }
            hasPrivate |= own.isSiteLocalAddress() || (own.getAddress()[0] & 0xfe) == 0xfc;
        }
        return hasPrivate && !loopback && (out4 != null || out6 != null) ? Side.INSIDE : Side.UNKNOWN;
    }
}
