// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

import java.util.List;

/** Packets that the captured interfaces dropped since the start, by the kernel's table, which is read once a second. */
final class InterfaceDrops implements AutoCloseable {
    private static final long INTERVAL_NANOS = 1_000_000_000L;

    private final DeviceTable table = new DeviceTable();
    private final List<String> names;
    private final long[] last;
    private final long[] sums;
    private long read;

    InterfaceDrops(List<String> names) {
        this.names = names;
        last = new long[names.size()];
        sums = new long[names.size()];
        for (int i = 0; i < last.length; i++) {
            last[i] = dropped(i);
        }
        read = System.nanoTime();
    }

    private long dropped(int i) {
        String name = names.get(i);
        return table.dropped(name.equals(LiveOptions.ANY) ? null : name);
    }

    /** Of the interface at this place in the list. */
    long sinceStart(int interfaceNumber) {
        long now = System.nanoTime();
        if (now - read >= INTERVAL_NANOS) {
            read = now;
            for (int i = 0; i < last.length; i++) {
                long dropped = dropped(i);
                sums[i] += Math.max(0, dropped - last[i]); // less: an interface went, and its count with it
                last[i] = dropped;
            }
        }
        return sums[interfaceNumber];
    }

    @Override
    public void close() {
        table.close();
    }
}
