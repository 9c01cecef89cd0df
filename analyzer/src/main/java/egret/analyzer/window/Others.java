// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

import egret.analyzer.answer.Answer.OtherSource;
import egret.capture.count.SourceCounts.Other;
import egret.rules.IpAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What sources did besides what is watched: at most {@value #MOST} of them with {@value #MOST_NAMES} names each. */
final class Others {
    static final int MOST = 16_384;
    static final int MOST_NAMES = 64;

    private final AddressTable<State> table = new AddressTable<>();
    private final State rest = new State(Snapshot.OTHERS);
    private long shed;

    void add(List<Other> rows) {
        for (int i = 0; i < rows.size(); i++) {
            Other row = rows.get(i);
            State state = table.get(row.source());
            if (state == null) {
                state = rest;
                if (table.size() < MOST) {
                    state = new State(row.source());
                    table.add(row.source(), state);
                } else {
                    shed++;
                }
            }
            state.add(row);
        }
    }

    long shed() {
        return shed;
    }

    List<OtherSource> sources() {
        List<OtherSource> sources = new ArrayList<>(table.size());
        for (int i = 0; i < table.size(); i++) {
            sources.add(table.value(i).source());
        }
        sources.sort(new MostFirst());
        if (shed > 0) {
            sources.add(rest.source());
        }
        return List.copyOf(sources);
    }

    private static final class State {
        private final IpAddress ip;
        private final Map<String, Long> names = new TreeMap<>();
        private long connections;
        private long failed;

        private State(IpAddress ip) {
            this.ip = ip;
        }

        private void add(Other row) {
            connections += row.connections();
            failed += row.failed();
            if (row.connections() > 0) {
                Long known = names.get(row.serverName());
                String name = known != null || names.size() < MOST_NAMES ? row.serverName() : "";
                Long sum = names.get(name);
                names.put(name, (sum == null ? 0 : sum) + row.connections());
            }
        }

        private OtherSource source() {
            return new OtherSource(ip, connections, failed, Ordered.mostFirst(names));
        }
    }

    private static final class MostFirst implements Comparator<OtherSource> {
        @Override
        public int compare(OtherSource one, OtherSource other) {
            int order = Long.compare(other.connections() + other.failed(), one.connections() + one.failed());
            return order != 0 ? order : one.ip().compareTo(other.ip());
        }
    }
}
