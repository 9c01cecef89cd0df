// SPDX-License-Identifier: Apache-2.0
package egret.capture.protocol;

import static egret.capture.protocol.HelloBuilder.ascii;
import static egret.capture.protocol.HelloBuilder.bytes;
import static egret.capture.protocol.HelloBuilder.join;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Parsing allocates nothing once the reused objects have their size. */
class AllocationTest {
    private static final int CALLS = 100_000;
    /** What asking for the figure may allocate itself, in all calls together. */
    private static final long MEASURING = 1_000;

    private interface Call {
        long run();
    }

    private static long allocated(Call call) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (int i = 0; i < 20_000; i++) {
            sum += call.run();
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < CALLS; i++) {
            sum += call.run();
        }
        long after = threads.getCurrentThreadAllocatedBytes();
        assertThat(sum).isNotZero();
        return after - before;
    }

    @Test
    void parsesHellosAndTheirKeysWithoutAllocation() {
        byte[] stream = HelloBuilder.chrome("registry-1.docker.io", 0x5a5a).records(100, 100);
        byte[] one = HelloBuilder.dockerd("registry-1.docker.io").record();
        ByteBuffer split = Bytes.direct(stream);
        ByteBuffer whole = Bytes.direct(one);
        TlsRecords records = new TlsRecords();
        ClientHello hello = new ClientHello();
        assertThat(allocated(() -> {
                    records.parse(whole, 0, one.length);
                    hello.parse(records.bytes(), records.from(), records.to());
                    long key = hello.fingerprintKey();
                    records.parse(split, 0, stream.length);
                    hello.parse(records.bytes(), records.from(), records.to());
                    return key ^ hello.fingerprintKey() ^ hello.serverNameLength() ^ (hello.offersHttp2() ? 1 : 0);
                }))
                .isLessThan(MEASURING);
    }

    @Test
    void readsRequestsAndDnsWithoutAllocation() {
        byte[] http = ascii("CONNECT registry-1.docker.io:443 HTTP/1.1\r\nHost: registry-1.docker.io\r\n\r\n");
        byte[] socks = join(bytes(5, 1, 0, 5, 1, 0, 3, 11), ascii("example.org"), bytes(1, 0xbb));
        byte[] dns = join(
                bytes(0, 1, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, 7),
                ascii("example"),
                bytes(3, 'o', 'r', 'g', 0, 0, 1, 0, 1, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1));
        ByteBuffer httpBytes = Bytes.direct(http);
        ByteBuffer socksBytes = Bytes.direct(socks);
        ByteBuffer dnsBytes = Bytes.direct(dns);
        HttpRequest request = new HttpRequest();
        SocksRequest proxy = new SocksRequest();
        DnsMessage message = new DnsMessage();
        byte[] name = new byte[255];
        assertThat(allocated(() -> {
                    request.parse(httpBytes, 0, http.length);
                    proxy.parse(socksBytes, 0, socks.length);
                    message.parse(dnsBytes, 0, dns.length);
                    return request.targetLength()
                            + proxy.port()
                            + (message.next() ? message.questionName(name) : 0)
                            + (QuicInitial.looksLikeInitial(dnsBytes, 0, dns.length) ? 1 : 0);
                }))
                .isLessThan(MEASURING);
    }
}
