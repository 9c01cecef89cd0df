// SPDX-License-Identifier: Apache-2.0
package egret.capture.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import egret.capture.decode.FrameBuilder;
import egret.capture.filter.KernelFilter.Link;
import egret.capture.filter.KernelFilter.Mode;
import egret.capture.linux.Libc;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The kernel takes of frames what the interpreter takes, to the byte: in a network namespace that ends with its thread. */
final class KernelFilterInKernelTest {
    private static final int CLONE_NEWNET = 0x40000000;
    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW = 3;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SO_ATTACH_FILTER = 26;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int SNAPLEN = 900;
    private static final String CLIENT = "192.0.2.1";
    private static final String SERVER = "198.51.100.7";

    private static <T> T inOwnNamespace(Callable<T> action) throws Exception {
        String architecture = System.getProperty("os.arch");
        long unshare = architecture.equals("amd64") ? 272 : architecture.equals("aarch64") ? 97 : -1;
        assumeTrue(
                System.getProperty("os.name").equals("Linux") && unshare > 0,
                "skipped: needs Linux on amd64 or aarch64");
        FutureTask<T> task = new FutureTask<>(() -> {
            boolean own = Libc.syscall(unshare, CLONE_NEWNET, 0, 0, 0, 0) == 0;
            assumeTrue(own, "skipped: needs root for a network namespace");
            Process up = new ProcessBuilder("ip", "link", "set", "lo", "up").start();
            assumeTrue(up.waitFor(20, TimeUnit.SECONDS) && up.exitValue() == 0, "skipped: needs iproute2");
            return action.call();
        });
        new Thread(task, "in a namespace").start();
        try {
            return task.get(60, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException wrapped) {
            if (wrapped.getCause() instanceof org.opentest4j.TestAbortedException aborted) {
                throw aborted;
            }
            throw wrapped;
        }
    }

    /** A packet socket at lo, the first interface of a namespace. */
    private static int packetSocket() {
        int fd = Libc.socket(AF_PACKET, SOCK_RAW, 0);
        assertThat(fd).isNotNegative();
        ByteBuffer address = ByteBuffer.allocateDirect(20).order(ByteOrder.nativeOrder());
        address.putShort(0, (short) AF_PACKET).put(2, (byte) 0).put(3, (byte) 3).putInt(4, 1);
        ByteBuffer size =
                ByteBuffer.allocateDirect(4).order(ByteOrder.nativeOrder()).putInt(0, 8 << 20);
        Libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, size, 4);
        assertThat(Libc.bind(fd, address, 20)).isZero();
        return fd;
    }

    private static boolean attach(int fd, long[] program) {
        ByteBuffer code = ByteBuffer.allocateDirect(program.length * 8).order(ByteOrder.nativeOrder());
        for (long instruction : program) {
            code.putShort((short) instruction)
                    .put((byte) (instruction >>> 16))
                    .put((byte) (instruction >>> 24))
                    .putInt((int) (instruction >>> 32));
        }
        ByteBuffer argument = ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder());
        argument.putShort(0, (short) program.length).putLong(8, Libc.address(code));
        return Libc.setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, argument, 16) == 0;
    }

    /** Built frames and mutations of them; each carries its number as its source address. */
    private static List<byte[]> frames(Random random) {
        List<byte[]> frames = new ArrayList<>();
        for (FrameBuilder segment : KernelFilterTest.segments()) {
            for (FrameBuilder ip : List.of(
                    segment.ipv4(CLIENT, SERVER),
                    segment.ipv4(SERVER, CLIENT),
                    segment.ipv4(CLIENT, SERVER).pppoe(),
                    segment.ipv4(CLIENT, SERVER).ipv4("203.0.113.1", "203.0.113.2"),
                    segment.ipv6("2001:db8::1", "2001:db8::7"),
                    segment.ipv6("2001:db8::7", "2001:db8::1"),
                    segment.extension(60, 8).ipv6("2001:db8::7", "2001:db8::1"))) {
                byte[] frame = ip.ethernet().bytes();
                frames.add(frame);
                byte[] mutated = frame.clone();
                for (int i = 0; i < 2; i++) {
                    mutated[14 + random.nextInt(Math.min(mutated.length - 14, 70))] = (byte) random.nextInt();
                }
                frames.add(mutated);
                frames.add(java.util.Arrays.copyOf(frame, 15 + random.nextInt(frame.length - 15)));
            }
        }
        for (int i = 0; i < frames.size(); i++) {
            ByteBuffer.wrap(frames.get(i)).putInt(8, i);
            frames.get(i)[6] = 2;
        }
        return frames;
    }

    private static WatchedAddresses watched(Random random) {
        WatchedAddresses watched = new WatchedAddresses();
        for (int i = 0; i < 1000; i++) {
            watched.seen(0, 0xffff_0000_0000L | random.nextInt() & 0xffff_ffffL);
            watched.seen(0x2001_0db8_0000_0000L, random.nextLong());
        }
        watched.block(0x2001_0db8_0001_0000L, 0, 48);
        watched.seen(0, 0xffff_0000_0000L | 0xc633_6407L); // SERVER
        watched.seen(0x2001_0db8_0000_0000L, 7);
        return watched;
    }

    @Test
    void takesTheSame() throws Exception {
        long seed = 11;
        Random random = new Random(seed);
        List<byte[]> frames = frames(random);
        WatchedAddresses watched = watched(random);
        int compared = inOwnNamespace(() -> {
            int all = 0;
            for (Link link : new Link[] {Link.ETHERNET, Link.ANY}) {
                for (Mode mode : Mode.values()) {
                    for (boolean tunnels : new boolean[] {false, true}) {
                        long[] program =
                                new KernelFilter(link, mode, SNAPLEN, new int[] {443}, tunnels).program(watched);
                        all += compare(program, frames, link + " " + mode + " " + tunnels + " seed " + seed);
                    }
                }
            }
            return all;
        });
        assertThat(compared).isEqualTo(8 * frames.size());
    }

    /** What the loopback device hands to packet sockets: each frame as it is sent, and as it arrives. */
    private static int compare(long[] program, List<byte[]> frames, String what) {
        int sender = packetSocket();
        int receiver = packetSocket();
        try {
            assertThat(attach(sender, new long[] {Assembler.instruction(6, 0, 0, 0)}))
                    .isTrue();
            assertThat(attach(receiver, program))
                    .as("%s: %d instructions", what, program.length)
                    .isTrue();
            long[] taken = new long[frames.size()];
            ByteBuffer buffer = ByteBuffer.allocateDirect(65_536);
            for (int i = 0; i < frames.size(); i++) {
                byte[] frame = frames.get(i);
                buffer.put(0, frame);
                assertThat(Libc.send(sender, buffer, frame.length, 0))
                        .as("frame " + i)
                        .isEqualTo(frame.length);
                drain(receiver, buffer, taken);
            }
            long deadline = System.nanoTime() + 20_000_000_000L;
            int last = frames.size() - 1;
            while (taken[last] == 0 && expected(program, frames.get(last)) > 0 && System.nanoTime() < deadline) {
                drain(receiver, buffer, taken);
            }
            for (int i = 0; i < frames.size(); i++) {
                byte[] frame = frames.get(i);
                long expected = expected(program, frame);
                assertThat(taken[i])
                        .as(
                                "%s, frame %d: %s",
                                what, i, java.util.HexFormat.of().formatHex(frame))
                        .isEqualTo(expected);
            }
            return frames.size();
        } finally {
            Libc.close(sender);
            Libc.close(receiver);
        }
    }

    private static long expected(long[] program, byte[] frame) {
        int type = (frame[12] & 0xff) << 8 | frame[13] & 0xff;
        return Math.min(frame.length, new Machine(program).run(frame, frame.length, type, 14));
    }

    private static void drain(int fd, ByteBuffer buffer, long[] taken) {
        for (long length = Libc.recv(fd, buffer, buffer.capacity(), MSG_DONTWAIT);
                length > 0;
                length = Libc.recv(fd, buffer, buffer.capacity(), MSG_DONTWAIT)) {
            int number = length >= 12 ? buffer.getInt(8) : -1;
            if (number >= 0 && number < taken.length && buffer.get(6) == 2) {
                taken[number] = length;
            }
        }
    }
}
