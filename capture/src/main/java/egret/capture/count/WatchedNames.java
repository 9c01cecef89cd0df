// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

import egret.capture.flow.Connection;
import egret.capture.flow.NameTable;
import egret.rules.Endpoint;
import egret.rules.IpAddress;
import egret.rules.Match;
import egret.rules.NamePattern;
import egret.rules.Role;
import egret.rules.Rules;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which endpoint a connection is to, by its name's number; each name is held against the rules once. One thread. */
final class WatchedNames {
    private final Rules rules;
    private final NameTable names;
    private @Nullable Match[] matches = new @Nullable Match[64];
    private boolean[] matched = new boolean[64];

    WatchedNames(Rules rules, NameTable names) {
        this.rules = rules;
        this.names = names;
        knowWatchedNames();
    }

    /** So that no flood of other names can leave them without a number. */
    private void knowWatchedNames() {
        List<Endpoint> endpoints = rules.endpoints();
        for (int i = 0; i < endpoints.size(); i++) {
            List<NamePattern> patterns = endpoints.get(i).names();
            for (int k = 0; k < patterns.size(); k++) {
                if (patterns.get(k).kind() == NamePattern.Kind.EXACT) {
                    names.intern(patterns.get(k).text());
                }
            }
        }
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
        if (name >= matches.length) {
            int capacity = Math.max(name + 1, matches.length * 2);
            matches = Arrays.copyOf(matches, capacity);
            matched = Arrays.copyOf(matched, capacity);
        }
        if (!matched[name]) {
            matched[name] = true;
            matches[name] = rules.matchName(names.name(name));
        }
        return matches[name];
    }
}
