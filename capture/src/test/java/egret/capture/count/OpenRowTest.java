// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.origin.Owner;
import org.junit.jupiter.api.Test;

class OpenRowTest {
    private static final long START = 1_795_560_838_000_000_000L;

    @Test
    void aRowWithBytesOnlyHasTheTimeOfItsInterval() {
        OpenRow row = new OpenRow(new RowKey(), "registry-1.docker.io");
        row.bytes(200, 3_000);
        SourceCounts.Row rolledUp = row.rollUp(START, Owner.UNKNOWN);
        assertThat(rolledUp.bytesDown()).isEqualTo(3_000);
        assertThat(rolledUp.firstNanos()).isEqualTo(START);
        assertThat(rolledUp.lastNanos()).isEqualTo(START);
    }
}
