// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

import egret.capture.flow.Connection;
import egret.capture.flow.NameTable;
import egret.rules.Endpoint;
import egret.rules.IpAddress;
import egret.rules.Match;
import egret.rules.Role;
import egret.rules.Rules;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Which endpoint a connection is to, by its name's number; each name is held against the rules once. One thread. */
final class WatchedNames {
    private final Rules rules;
    private final NameTable names;
    private @Nullable Match[] matches = new @Nullable Match[64];
    private int[] matched = new int[64];

    WatchedNames(Rules rules, NameTable names) {
        this.rules = rules;
        this.names = names;
    }

    /** Null if it is to nothing that is watched; one without a name is told by its server's address. */
    @Nullable
    Match match(Connection connection) {
        if (connection.name() == 0) {
            Endpoint endpoint = rules.endpointForAddress(
                    new IpAddress(connection.serverHigh(), connection.serverLow()), connection.serverPort());
            return endpoint == null ? null : new Match(endpoint, Role.OTHER);
        }
        Match match = byName(connection.name());
        boolean watched = match != null
                && (connection.target() != null || match.endpoint().watchesPort(connection.serverPort()));
        return watched ? match : null;
    }

    /** Whatever the port. */
    @Nullable
    Match byName(int name) {
        int place = NameTable.place(name);
        if (place >= matches.length) {
            int capacity = Math.max(place + 1, matches.length * 2);
            matches = Arrays.copyOf(matches, capacity);
            matched = Arrays.copyOf(matched, capacity);
        }
        if (matched[place] != name) {
            matched[place] = name;
            matches[place] = rules.matchName(names.name(name));
        }
        return matches[place];
    }
}
