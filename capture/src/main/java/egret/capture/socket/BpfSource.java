// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import egret.capture.linux.Libc;
import egret.capture.socket.BpfPrograms.Detail;
import java.nio.ByteBuffer;

/**
 * The kernel itself, by small programs that it runs when a socket connects: exact for every process, however short its
 * life, in every container. The three forms differ in where the process is asked for; each is tried by loading it, as
 * distributions port features to older kernels. Nothing stays behind when the agent ends, however it ends.
 *
 * <p>TCP is told before the SYN leaves, and again with the initial sequence number when it was answered. UDP is told
 * with its first packet to a destination, DNS left out.
 */
final class BpfSource implements SocketSource {
    /** Bytes of records; a connection takes 248, so that a second of silence at 16,000 connections a second is bridged. */
    private static final int RING = 4 << 20;

    /** Pairs of UDP socket and destination that are known to have been told. */
    private static final int TOLD = 16_384;

    private static final int MAP_ARRAY = 2;
    private static final int MAP_LRU_HASH = 9;
    private static final int MAP_RINGBUF = 27;
    private static final int MAPPABLE = 1 << 10;
    private static final int CGROUP_SKB = 8;
    private static final int CGROUP_SOCK = 9;
    private static final int SOCK_OPS = 13;
    private static final int CGROUP_SOCK_ADDR = 18;
    private static final int AT_EGRESS = 1;
    private static final int AT_SOCK_CREATE = 2;
    private static final int AT_SOCK_OPS = 3;
    private static final int AT_CONNECT4 = 10;
    private static final int AT_CONNECT6 = 11;
    private static final int AT_SENDMSG4 = 14;
    private static final int AT_SENDMSG6 = 15;
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int MAP_SHARED = 1;

    /** Two maps, the cgroup, and a program and a link at seven places. */
    private final int[] descriptors = new int[32];

    private int opened;

    /** Of the descriptors those that are links: which of them, and the next to be looked at. */
    private final int[] links = new int[descriptors.length];

    private int linked;
    private int looked;
    private boolean detached;
    private final long[] mapped = new long[3];
    private final long[] mappedLengths = new long[3];
    private int mappings;

    private final String method;
    private final BpfJoin join;
    private final int cgroup;
    private final BpfPrograms programs;
    private final BpfRingBuffer ring;
    private final ByteBuffer lost;
    private boolean datagrams;
    private boolean closed;
    private long lostAtClose;

    private BpfSource(String method, int size) throws SocketSourceException {
        this.method = method;
        join = new BpfJoin(method);
        boolean complete = false;
        try {
            cgroup = keep(BpfCgroup.open());
            int lostMap = keep(BpfCalls.createMap(MAP_ARRAY, 4, 8, 1, MAPPABLE, "egret_lost"));
            int ringMap = keep(BpfCalls.createMap(MAP_RINGBUF, 0, 0, size, 0, "egret_ring"));
            int page = Libc.getpagesize();
            lost = map(lostMap, 0, page, PROT_READ);
            ByteBuffer reader = map(ringMap, 0, page, PROT_READ | PROT_WRITE);
            ByteBuffer rest = map(ringMap, page, 2L * page + size, PROT_READ); // the kernel has the data twice
            ring = new BpfRingBuffer(reader, part(rest, 0, page), part(rest, page, size + page), size);
            programs = new BpfPrograms(ringMap, lostMap);
            complete = true;
        } finally {
            if (!complete) {
                release();
            }
        }
    }

    /**
     * Asks in connect(2) itself: user, cgroup and name come with the event. Linux 5.8 and later; CAP_BPF, CAP_NET_ADMIN,
     * and CAP_PERFMON for the name.
     */
    public static BpfSource openConnect() throws SocketSourceException {
        return openConnect(RING);
    }

    /** @param size of the ring in bytes, a power of two and at least a page */
    static BpfSource openConnect(int size) throws SocketSourceException {
        BpfSource source = new BpfSource("bpf-connect", size);
        try {
            Detail detail = source.attachConnect(false);
            source.attachSocketOperations();
            source.attachDatagrams(detail);
            return source;
        } catch (SocketSourceException refused) {
            source.close();
            throw refused;
        }
    }

    /** Asks when TCP connects: the process alone. Linux 6.10 and later; CAP_BPF, CAP_NET_ADMIN. */
    public static BpfSource openSocketOperations() throws SocketSourceException {
        return openSocketOperations(RING);
    }

    /** @param size of the ring in bytes, a power of two and at least a page */
    static BpfSource openSocketOperations(int size) throws SocketSourceException {
        BpfSource source = new BpfSource("bpf-sock-ops", size);
        try {
            source.attach(SOCK_OPS, AT_SOCK_OPS, source.programs.socketOperations(true), "egret_sock_ops");
            source.attachDatagrams();
            return source;
        } catch (SocketSourceException refused) {
            source.close();
            throw refused;
        }
    }

    /**
     * Asks when a socket is made. That is who connects it, but for sockets that are handed to another process before.
     * Linux 5.8 and later; CAP_BPF, CAP_NET_ADMIN.
     */
    public static BpfSource openSocketCreation() throws SocketSourceException {
        return openSocketCreation(RING);
    }

    /** @param size of the ring in bytes, a power of two and at least a page */
    static BpfSource openSocketCreation(int size) throws SocketSourceException {
        BpfSource source = new BpfSource("bpf-sock-create", size);
        try {
            source.attachCreation();
            source.attach(SOCK_OPS, AT_SOCK_OPS, source.programs.socketOperations(false), "egret_sock_ops");
            source.attachEgress();
            return source;
        } catch (SocketSourceException refused) {
            source.close();
            throw refused;
        }
    }

    @Override
    public String method() {
        return method;
    }

    /** Tells UDP too, by programs that are not in every kernel. */
    public boolean datagrams() {
        return datagrams;
    }

    @Override
    public void poll(SocketEvents events) {
        if (!closed) {
            join.to(events);
            ring.poll(join);
        }
    }

    @Override
    public long lost() {
        long unseen = detached ? 1 : 0; // and who knows how many more
        return closed ? lostAtClose : lost.getLong(0) + ring.damaged() + join.damaged() + join.unjoined() + unseen;
    }

    /** Looks at one link, another one each time: whoever may load programs may take ours off. */
    @Override
    public String silence() {
        if (!closed && !detached && linked > 0) {
            detached = BpfCalls.detached(links[looked]);
            looked = looked + 1 == linked ? 0 : looked + 1;
        }
        return detached
                ? "The kernel tells no more who opens connections: its BPF programs were detached. Start anew to attach them."
                : "";
    }

    @Override
    public void close() {
        if (!closed) {
            lostAtClose = lost();
            closed = true;
            release();
        }
    }

    /** With as much of the process as the kernel lets us ask for. */
    private Detail attachConnect(boolean onlyDatagrams) throws SocketSourceException {
        Detail detail = Detail.NAME;
        ByteBuffer code = programs.connect(detail, onlyDatagrams);
        try {
            attach(CGROUP_SOCK_ADDR, AT_CONNECT4, code, "egret_connect4");
        } catch (SocketSourceException withName) {
            detail = Detail.USER;
            code = programs.connect(detail, onlyDatagrams);
            attach(CGROUP_SOCK_ADDR, AT_CONNECT4, code, "egret_connect4");
        }
        attach(CGROUP_SOCK_ADDR, AT_CONNECT6, code, "egret_connect6");
        return detail;
    }

    /** With the process as well where the kernel lets us: then a connection is known that connect(2) did not pass. */
    private void attachSocketOperations() throws SocketSourceException {
        try {
            attach(SOCK_OPS, AT_SOCK_OPS, programs.socketOperations(true), "egret_sock_ops");
        } catch (SocketSourceException before610) {
            attach(SOCK_OPS, AT_SOCK_OPS, programs.socketOperations(false), "egret_sock_ops");
        }
    }

    private void attachCreation() throws SocketSourceException {
        try {
            attach(CGROUP_SOCK, AT_SOCK_CREATE, programs.create(Detail.NAME), "egret_create");
        } catch (SocketSourceException withName) {
            attachCreationWithoutName();
        }
    }

    private void attachCreationWithoutName() throws SocketSourceException {
        try {
            attach(CGROUP_SOCK, AT_SOCK_CREATE, programs.create(Detail.USER), "egret_create");
        } catch (SocketSourceException withUser) {
            attach(CGROUP_SOCK, AT_SOCK_CREATE, programs.create(Detail.NOTHING), "egret_create");
        }
    }

    private void attachDatagrams() {
        try {
            attachDatagrams(attachConnect(true));
        } catch (SocketSourceException onlyTcp) {
            datagrams = false;
        }
    }

    /** The process of sends without connect(2), and the addresses of all. */
    private void attachDatagrams(Detail detail) {
        try {
            int told = keep(BpfCalls.createMap(MAP_LRU_HASH, BpfPrograms.KEY_LENGTH, 8, TOLD, 0, "egret_sent"));
            ByteBuffer send4 = programs.send(detail, BpfRecord.AF_INET, told);
            ByteBuffer send6 = programs.send(detail, BpfRecord.AF_INET6, told);
            attach(CGROUP_SOCK_ADDR, AT_SENDMSG4, send4, "egret_send4");
            attach(CGROUP_SOCK_ADDR, AT_SENDMSG6, send6, "egret_send6");
            attachEgress();
        } catch (SocketSourceException onlyTcp) {
            datagrams = false;
        }
    }

    private void attachEgress() {
        try {
            int told = keep(BpfCalls.createMap(MAP_LRU_HASH, BpfPrograms.KEY_LENGTH, 8, TOLD, 0, "egret_seen"));
            attach(CGROUP_SKB, AT_EGRESS, programs.egress(told), "egret_egress");
            datagrams = true;
        } catch (SocketSourceException onlyTcp) {
            datagrams = false;
        }
    }

    private void attach(int type, int attachment, ByteBuffer code, String name) throws SocketSourceException {
        int program = keep(BpfCalls.load(type, attachment, code, name));
        links[linked++] = keep(BpfCalls.link(program, cgroup, attachment, name));
    }

    private int keep(int descriptor) {
        descriptors[opened++] = descriptor;
        return descriptor;
    }

    private ByteBuffer map(int descriptor, long offset, long length, int protection) throws SocketSourceException {
        long address = Libc.mmap(0, length, protection, MAP_SHARED, descriptor, offset);
        if (address == -1) {
            throw new SocketSourceException("a BPF map cannot be mapped into memory (error " + Libc.errno() + ")");
        }
        mapped[mappings] = address;
        mappedLengths[mappings++] = length;
        return Libc.memory(address, length);
    }

    private static ByteBuffer part(ByteBuffer whole, int from, int length) {
        return whole.slice(from, length).order(whole.order());
    }

    /** In reverse order: links first, so that nothing writes any more when the memory goes. */
    private void release() {
        while (opened > 0) {
            Libc.close(descriptors[--opened]);
        }
        while (mappings > 0) {
            mappings--;
            Libc.munmap(mapped[mappings], mappedLengths[mappings]);
        }
    }
}
