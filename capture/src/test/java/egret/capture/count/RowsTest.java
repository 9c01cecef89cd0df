// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.flow.NameTable;
import egret.capture.origin.Origin;
import egret.capture.origin.Owner;
import org.junit.jupiter.api.Test;

class RowsTest {
    private static final long SECOND = 1_000_000_000L;

    private final NameTable names = new NameTable();
    private final Rows rows = new Rows();

    private OpenRow row(long source, int owner, boolean failed) {
        Origin origin = new Origin();
        origin.reset(0, source);
        origin.owner = owner;
        return rows.row(origin, 0, names, "docker-hub", Fingerprint.UNKNOWN, failed);
    }

    /** As the counter does it when a second is over. */
    private OpenRow counted(long source, int owner, long second) {
        OpenRow row = row(source, owner, false);
        row.lastSecond = second;
        row.rollUp(second * SECOND, Owner.UNKNOWN);
        return row;
    }

    /** So often that all rows are looked at. */
    private void sweep(long second) {
        for (int i = 0; i < 70; i++) {
            rows.sweep(second);
        }
    }

    @Test
    void aRowThatIsNotUsedForMinutesGoes() {
        OpenRow first = counted(1, 1, 100);
        counted(2, 1, 500);

        sweep(100 + Rows.IDLE_SECONDS - 1);
        assertThat(rows.size()).isEqualTo(2);
        sweep(100 + Rows.IDLE_SECONDS);
        assertThat(rows.size()).isEqualTo(1);
        assertThat(counted(1, 1, 701)).isNotSameAs(first);
    }

    @Test
    void aRowWithAnOpenConnectionStays() {
        OpenRow row = counted(1, 1, 100);
        FollowedConnection followed = new FollowedConnection();
        followed.reset(row);

        sweep(100_000);
        assertThat(rows.size()).isEqualTo(1);
        assertThat(counted(1, 1, 100)).isSameAs(row);

        followed.release();
        followed.release();
        sweep(100_000);
        assertThat(rows.size()).isZero();
    }

    @Test
    void aRowThatOwesACorrectionWaits() {
        OpenRow row = row(1, 1, false);
        row.lastSecond = 100;
        row.requests(-2, -2, -2, Basis.ESTIMATED, 100 * SECOND);
        row.rollUp(100 * SECOND, Owner.UNKNOWN);

        sweep(100 + 3 * Rows.IDLE_SECONDS);
        assertThat(rows.size()).isEqualTo(1);
        sweep(100 + 3600);
        assertThat(rows.size()).isZero();
    }

    @Test
    void ownersThatComeAndGoLeaveRoomForOthers() {
        int owner = 0;
        for (long second = 0; second < 200; second++) {
            for (int i = 0; i < 2000; i++) {
                assertThat(counted(1, ++owner, second)).isNotNull();
            }
            rows.sweep(second);
        }
        assertThat(rows.size()).isLessThan(Rows.MOST);
        assertThat(rows.shed()).isZero();
    }

    @Test
    void aFloodOfFailuresTakesHalfOfTheRoom() {
        for (int source = 0; source < Rows.MOST; source++) {
            row(source, 0, true);
        }
        assertThat(rows.size()).isEqualTo(Rows.MOST / 2);
        assertThat(rows.shed()).isEqualTo(Rows.MOST / 2);
        assertThat(row(Rows.MOST, 0, false)).isNotNull();
    }
}
