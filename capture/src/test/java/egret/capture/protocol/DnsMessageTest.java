// SPDX-License-Identifier: Apache-2.0
package egret.capture.protocol;

import static egret.capture.protocol.HelloBuilder.ascii;
import static egret.capture.protocol.HelloBuilder.bytes;
import static egret.capture.protocol.HelloBuilder.join;
import static egret.capture.protocol.HelloBuilder.number;
import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.protocol.DnsMessage.Outcome;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DnsMessageTest {
    private static final byte[] POINTER = bytes(0xc0, 12);
    private final DnsMessage dns = new DnsMessage();

    private static byte[] header(int flags, int questions, int answers) {
        return join(
                number(2, 0xbeef),
                number(2, flags),
                number(2, questions),
                number(2, answers),
                number(2, 0),
                number(2, 0));
    }

    private static byte[] name(String name) {
        byte[] out = {};
        for (String label : name.split("\\.")) {
            out = join(out, number(1, label.length()), ascii(label));
        }
        return join(out, bytes(0));
    }

    private static byte[] question(String name, int type) {
        return join(name(name), number(2, type), number(2, 1));
    }

    private static byte[] record(byte[] owner, int type, int ttl, byte... value) {
        return join(owner, number(2, type), number(2, 1), number(4, ttl), number(2, value.length), value);
    }

    /** docker.io's shape: the name asked for is an alias, the addresses belong to its target. */
    private static byte[] answer() {
        byte[] alias = join(number(1, 3), ascii("edge"), bytes(0xc0, 12));
        alias[0] = 4;
        return join(
                header(0x8180, 1, 4),
                question("Registry-1.docker.io", 1),
                record(POINTER, 5, 60, alias),
                record(bytes(0xc0, 50), 1, 60, bytes(198, 51, 100, 7)),
                record(bytes(0xc0, 50), 1, 30, bytes(198, 51, 100, 8)),
                record(bytes(0xc0, 50), 28, 60, bytes(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9)));
    }

    private Outcome parse(byte... message) {
        return dns.parse(Bytes.direct(message), 0, message.length);
    }

    @Test
    void readsAQuery() {
        assertThat(parse(join(header(0x0100, 1, 0), question("registry-1.docker.io", 28))))
                .isEqualTo(Outcome.COMPLETE);
        assertThat(dns.response()).isFalse();
        assertThat(dns.id()).isEqualTo(0xbeef);
        assertThat(dns.questionName()).isEqualTo("registry-1.docker.io");
        assertThat(dns.questionType()).isEqualTo(DnsMessage.AAAA);
        assertThat(dns.next()).isFalse();
    }

    @Test
    void givesTheAddressesBehindAnAliasForTheNameAsked() {
        byte[] message = answer();
        ByteBuffer b = Bytes.direct(message);
        assertThat(dns.parse(b, 0, message.length)).isEqualTo(Outcome.COMPLETE);
        assertThat(dns.response()).isTrue();
        assertThat(dns.questionName()).isEqualTo("Registry-1.docker.io");
        assertThat(dns.addressesA()).isEqualTo(2);
        assertThat(dns.addressesAaaa()).isEqualTo(1);
        List<String> seen = new ArrayList<>();
        while (dns.next()) {
            seen.add(dns.addressLength() + "/" + (b.get(dns.addressOffset() + dns.addressLength() - 1) & 0xff) + "/"
                    + dns.timeToLive());
        }
        assertThat(seen).containsExactly("4/7/60", "4/8/30", "16/9/60");
        dns.rewind();
        assertThat(dns.next()).isTrue();
    }

    @Test
    void givesWhatStandsBeforeTheCutOfEveryPrefix() {
        byte[] message = answer();
        for (int n = 0; n < message.length; n++) {
            assertThat(parse(Arrays.copyOf(message, n))).isEqualTo(Outcome.CUT);
            int found = 0;
            while (dns.next()) {
                found++;
            }
            assertThat(found).isEqualTo(dns.addressesA() + dns.addressesAaaa());
            assertThat(dns.hasQuestion()).isEqualTo(n >= 38);
        }
    }

    @Test
    void countsOnlyAddressesOfTheInternetClassWithTheirProperLength() {
        byte[] chaos = record(POINTER, 1, 5, bytes(1, 2, 3, 4));
        chaos[5] = 3;
        byte[] message = join(
                header(0x8180, 1, 3),
                question("example.org", 1),
                chaos,
                record(POINTER, 1, 5, bytes(1, 2, 3)),
                record(POINTER, 28, 5, bytes(1, 2, 3, 4)));
        assertThat(parse(message)).isEqualTo(Outcome.COMPLETE);
        assertThat(dns.addressesA() + dns.addressesAaaa()).isZero();
        assertThat(dns.next()).isFalse();
    }

    @Test
    void endsOnPointersThatLeadToThemselvesOrForward() {
        for (int target : new int[] {12, 14, 200}) {
            byte[] message = join(header(0x0100, 1, 0), bytes(0xc0, target), number(2, 1), number(2, 1), new byte[4]);
            assertThat(parse(message)).isEqualTo(Outcome.COMPLETE);
            assertThat(dns.questionName()).isEmpty();
        }
        // Two labels that point at each other.
        byte[] loop = join(
                header(0x0100, 1, 0), bytes(1, 'a', 0xc0, 14), number(2, 1), number(2, 1), bytes(1, 'b', 0xc0, 12));
        assertThat(parse(loop)).isEqualTo(Outcome.COMPLETE);
        assertThat(dns.questionName()).isEmpty();
    }

    @Test
    void refusesLabelsOfAnUnknownKind() {
        assertThat(parse(join(header(0x0100, 1, 0), bytes(0x41, 'a', 0), new byte[80])))
                .isEqualTo(Outcome.NOT_DNS);
    }

    @Test
    void showsControlBytesInNamesAsQuestionMarks() {
        parse(join(header(0x0100, 1, 0), bytes(3, 'a', 27, 'b', 0), number(2, 1), number(2, 1)));
        assertThat(dns.questionName()).isEqualTo("a?b");
    }

    @Test
    void survivesMutations() {
        long seed = 1035;
        Random random = new Random(seed);
        byte[] original = answer();
        byte[] name = new byte[255];
        for (int i = 0; i < 30_000; i++) {
            byte[] message = Bytes.mutated(random, original);
            String[] seen = new String[2];
            for (int poison = 0; poison < 2; poison++) {
                Outcome outcome = dns.parse(
                        Bytes.poisoned(2L * i + poison, message), Bytes.MARGIN, Bytes.MARGIN + message.length);
                StringBuilder s = new StringBuilder().append(outcome).append(dns.questionName());
                s.append(dns.questionName(name));
                while (dns.next()) {
                    s.append(' ').append(dns.addressOffset()).append('/').append(dns.timeToLive());
                }
                seen[poison] = s.toString();
            }
            assertThat(seen[0]).as("seed %d, round %d", seed, i).isEqualTo(seen[1]);
        }
    }
}
