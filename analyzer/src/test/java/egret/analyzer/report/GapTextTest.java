// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GapTextTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            interruptions | 1 | An interface was down or away once: what passed it then is not in the answer.
            interruptions | 1234 | An interface was down or away 1,234 times: what passed it then is not in the answer.
            written-packets | 1 | 1 packet of those analyzed was not written to the file.
            written-packets | 2 | 2 packets of those analyzed were not written to the file.
            conntrack-overruns | 1 | The kernel had more to tell of translated connections than was taken, once: its table was read anew.
            owner-events | 1 | 1 event of sockets was lost: processes of their connections may not be known.
            owner-events | 3 | 3 events of sockets were lost: processes of their connections may not be known.
            owner-reads | 1 | 1 process was not looked at, as too many began at once: command lines may not be known.
            owner-reads | 2 | 2 processes were not looked at, as too many began at once: command lines may not be known.
            lookups | 2 | 2 questions for the name of a container had to wait for another turn.
            translations | 5 | For 5 connections it was not found out whether a NAT had changed the source: they count for the address seen.
            watched-addresses | 1 | 1 address of watched servers found no room in the kernel's filter: requests there are counted too low.
            watched-addresses | 9 | 9 addresses of watched servers found no room in the kernel's filter: requests there are counted too low.
            evidence | 7 | 7 records of logs and daemons found no room: failures are counted too low.
            names | 2 | The name of a connection had been forgotten when it was asked for, 2 times.
            late-intervals | 2 | 2 seconds of counts came late: in the totals, in no window and no alert.
            intervals | 1 | 1 second of counts was given up, as the analysis was behind.
            intervals | 2 | 2 seconds of counts were given up, as the analysis was behind.
            engine-failures | 1 | A container engine went away or did not answer once: names of containers and services may be missing.
            engine-events | 1200 | 1,200 events of a container engine could not be read: names of containers and services may be missing.
            unclaimed-failures | 449 | 449 failures that logs tell of could not be joined with the requests of any source: whose log it is, --log ADDRESS=FILE says.
            rows | 10 | Table rows was full: 10 of its entries are counted in sums only.
            """)
    void saysWhatWasGivenUp(String name, long count, String sentence) {
        assertThat(GapText.shed(name, count)).isEqualTo(sentence);
    }
}
