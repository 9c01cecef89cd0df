// SPDX-License-Identifier: Apache-2.0
package egret.capture.filter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class WatchedAddressesTest {
    private static final long IPV4 = 0xffff_0000_0000L;
    private static final long DOCUMENTATION = 0x2001_0db8_0000_0000L;

    @Test
    void theLeastRecentlySeenGivesWay() {
        WatchedAddresses watched = new WatchedAddresses();
        for (int i = 0; i < WatchedAddresses.MAX_IPV4; i++) {
            watched.seen(0, IPV4 | 0xc000_0200L + i);
        }
        watched.seen(0, IPV4 | 0xc000_0200L);
        watched.seen(0, IPV4 | 0xcb00_7101L);

        assertThat(watched.size()).isEqualTo(WatchedAddresses.MAX_IPV4);
        assertThat(watched.givenWay()).isEqualTo(1);
        assertThat(watched.ranges4())
                .contains(MemberSearch.range(0xc000_0200), MemberSearch.range(0xcb00_7101))
                .doesNotContain(MemberSearch.range(0xc000_0201));
    }

    @Test
    void staysBoundedUnderAFlood() {
        WatchedAddresses watched = new WatchedAddresses();
        for (int i = 0; i < 20_000; i++) {
            watched.seen(0, IPV4 | 0xc000_0000L + i);
            watched.seen(DOCUMENTATION, i);
            watched.block(DOCUMENTATION, i, 64);
            watched.block(0, IPV4 | i, 120);
        }

        assertThat(watched.size()).isEqualTo(WatchedAddresses.MAX_IPV4 + WatchedAddresses.MAX_IPV6);
        assertThat(watched.blocksShed()).isEqualTo(2 * (20_000 - WatchedAddresses.MAX_BLOCKS));
        assertThat(watched.givenWay()).isEqualTo(40_000 - watched.size());
    }

    @Test
    void changesOnlyWhenSomethingIsNew() {
        WatchedAddresses watched = new WatchedAddresses();
        assertThat(watched.due(0, 100)).isTrue();
        watched.taken(0);
        assertThat(watched.changed()).isFalse();

        watched.seen(0, IPV4 | 1);
        assertThat(watched.changed()).isTrue();
        assertThat(watched.due(99, 100)).isFalse();
        assertThat(watched.due(100, 100)).isTrue();
        watched.taken(100);
        watched.seen(0, IPV4 | 1);
        assertThat(watched.due(1000, 100)).isFalse();
    }
}
