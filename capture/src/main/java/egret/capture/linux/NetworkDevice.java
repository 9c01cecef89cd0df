// SPDX-License-Identifier: Apache-2.0
package egret.capture.linux;

import com.sun.jna.Native;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel knows of a network interface (netdevice(7)), asked through any socket: the answer is that of the network
 * namespace the socket was opened in.
 */
public final class NetworkDevice {
    public static final int UP = 0x1;
    public static final int LOOPBACK = 0x8;

    /** Bytes of a name with the zero behind it. */
    private static final int NAME = 16;

    private static final int REQUEST = 40;
    private static final int SIOCGIFNAME = 0x8910;
    private static final int SIOCGIFFLAGS = 0x8913;
    private static final int SIOCGIFHWADDR = 0x8927;
    private static final int SIOCGIFINDEX = 0x8933;

    static {
        Native.register(NetworkDevice.class, "c");
    }

    private NetworkDevice() {}

    private static native int ioctl(int fd, long request, ByteBuffer argument);

    /** The interface's index, or 0 if there is none of that name. */
    public static int index(int fd, String name) {
        ByteBuffer request = named(name);
        return request != null && ioctl(fd, SIOCGIFINDEX, request) == 0 ? request.getInt(NAME) : 0;
    }

    /** The interface's name, or null if there is none of that index. */
    public static @Nullable String name(int fd, int index) {
        ByteBuffer request = request();
        request.putInt(NAME, index);
        if (ioctl(fd, SIOCGIFNAME, request) != 0) {
            return null;
        }
        byte[] bytes = new byte[NAME];
        int length = 0;
        while (length < NAME && request.get(length) != 0) {
            bytes[length] = request.get(length);
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    /** {@link #UP}, {@link #LOOPBACK} and more, or -1 if there is no interface of that name. */
    public static int flags(int fd, String name) {
        ByteBuffer request = named(name);
        return request != null && ioctl(fd, SIOCGIFFLAGS, request) == 0
                ? Short.toUnsignedInt(request.getShort(NAME))
                : -1;
    }

    /** One of the ARPHRD_ constants of linux/if_arp.h, or -1 if there is no interface of that name. */
    public static int hardwareType(int fd, String name) {
        ByteBuffer request = named(name);
        return request != null && ioctl(fd, SIOCGIFHWADDR, request) == 0
                ? Short.toUnsignedInt(request.getShort(NAME))
                : -1;
    }

    private static ByteBuffer request() {
        return ByteBuffer.allocateDirect(REQUEST).order(ByteOrder.nativeOrder());
    }

    private static @Nullable ByteBuffer named(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return bytes.length == 0 || bytes.length >= NAME ? null : request().put(0, bytes);
    }
}
