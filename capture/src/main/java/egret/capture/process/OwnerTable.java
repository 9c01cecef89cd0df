// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

import egret.capture.origin.Owner;
import egret.capture.origin.Quality;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The owners by number. Numbers rise and are never given twice, as counts that were handed on hold them.
 *
 * <p>Processes of one executable, user, cgroup and parent program that also have the command line in common are one owner.
 * {@value #MAX_LINES} command lines of such a group are told apart; all others are one owner whose command line is the first
 * word and an ellipsis. At most {@value #MAX} owners are kept, the longest unused gives way.
 */
final class OwnerTable {
    static final int MAX = 1 << 14;
    static final int MAX_LINES = 16;

    /** Exact and inferred, by each method. */
    private static final int QUALITIES = 2;

    private static final String ELLIPSIS = " …";

    private final Methods methods;
    private final Users users;
    private final BootClock boot;
    private final Map<IdentityKey, List<Identity>> groups = new HashMap<>();
    private final IdentityKey probe = new IdentityKey();
    private final Identity.@Nullable Face[] byId = new Identity.@Nullable Face[MAX];
    private int lastId;
    private int faces;
    private long shed;

    private @Nullable Identity oldest;
    private @Nullable Identity newest;

    OwnerTable(Methods methods, Users users, BootClock boot) {
        this.methods = methods;
        this.users = users;
        this.boot = boot;
    }

    /** The number of a process's owner, given how a connection was attributed to it. */
    int id(ProcessRecord process, Quality quality, int method, long nowNanos) {
        Identity identity = process.identity;
        if (identity == null || identity.gone) {
            identity = resolve(process, nowNanos);
            process.identity = identity;
            identity.processes++;
            identity.version++;
        }
        if (identity.faceCount > 0) {
            unlink(identity);
        }
        link(identity);
        for (int i = 0; i < identity.faceCount; i++) {
            Identity.Face face = identity.faces[i];
            if (face.quality == quality && face.method == method) {
                return face.id;
            }
        }
        return face(identity, quality, method).id;
    }

    /** Who has this number; null if it was given up. */
    Identity.@Nullable Face face(int id) {
        Identity.Face face = byId[id & (MAX - 1)];
        while (face != null && face.id != id) {
            face = face.next;
        }
        return face;
    }

    /** Owners that gave way. */
    long shed() {
        return shed;
    }

    int size() {
        return faces;
    }

    private Identity.Face face(Identity identity, Quality quality, int method) {
        while (faces >= MAX) {
            Identity first = oldest;
            if (first == null || first == identity) {
                break;
            }
            drop(first);
        }
        Identity.Face face = new Identity.Face(++lastId, identity, quality, method);
        identity.faces[identity.faceCount++] = face;
        faces++;
        int place = face.id & (MAX - 1);
        face.next = byId[place];
        byId[place] = face;
        return face;
    }

    private Identity resolve(ProcessRecord process, long nowNanos) {
        probe.from(process);
        List<Identity> group = groups.get(probe);
        if (group == null) {
            group = new ArrayList<>(1);
            IdentityKey key = probe.copy();
            groups.put(key, group);
            return add(group, key, process, process.commandLine, nowNanos);
        }
        String line = process.commandLine;
        if (group.size() == 1 && (line.isEmpty() || group.get(0).commandLine.isEmpty())) {
            Identity only = group.get(0); // One of them was gone before its command line was read.
            if (only.commandLine.isEmpty() && !line.isEmpty()) {
                only.commandLine = line;
                only.process = describe(process, line, nowNanos);
            }
            return only;
        }
        for (int i = 0; i < group.size(); i++) {
            if (group.get(i).commandLine.equals(line)) {
                return group.get(i);
            }
        }
        IdentityKey key = group.get(0).group;
        if (group.size() < MAX_LINES && !line.isEmpty()) {
            return add(group, key, process, line, nowNanos);
        }
        String rest = rest(group.get(0).commandLine.isEmpty() ? line : group.get(0).commandLine);
        for (int i = 0; i < group.size(); i++) {
            if (group.get(i).commandLine.equals(rest)) {
                return group.get(i);
            }
        }
        return add(group, key, process, rest, nowNanos);
    }

    private static String rest(String line) {
        int blank = line.indexOf(' ');
        return (blank < 0 ? line : line.substring(0, blank)) + ELLIPSIS;
    }

    private Identity add(List<Identity> group, IdentityKey key, ProcessRecord first, String line, long nowNanos) {
        Owner.OwnerProcess process = describe(first, line, nowNanos);
        Identity identity = new Identity(key, line, process, first, QUALITIES * methods.most());
        group.add(identity);
        return identity;
    }

    private Owner.OwnerProcess describe(ProcessRecord first, String line, long nowNanos) {
        return new Owner.OwnerProcess(
                first.pid,
                boot.epochNanos(first.startTicks),
                first.displayed(),
                line,
                first.uid,
                users.name(first.uid, nowNanos),
                List.of(first.parents));
    }

    private void drop(Identity identity) {
        unlink(identity);
        identity.gone = true;
        List<Identity> group = groups.get(identity.group);
        if (group != null) {
            group.remove(identity);
            if (group.isEmpty()) {
                groups.remove(identity.group);
            }
        }
        for (int i = 0; i < identity.faceCount; i++) {
            remove(identity.faces[i]);
            faces--;
            shed++;
        }
    }

    private void remove(Identity.Face face) {
        int place = face.id & (MAX - 1);
        Identity.Face before = byId[place];
        if (before == face) {
            byId[place] = face.next;
            return;
        }
        while (before != null && before.next != face) {
            before = before.next;
        }
        if (before != null) {
            before.next = face.next;
        }
    }

    private void link(Identity identity) {
        Identity last = newest;
        identity.older = last;
        identity.newer = null;
        if (last == null) {
            oldest = identity;
        } else {
            last.newer = identity;
        }
        newest = identity;
    }

    private void unlink(Identity identity) {
        Identity older = identity.older;
        Identity newer = identity.newer;
        if (older == null) {
            oldest = newer;
        } else {
            older.newer = newer;
        }
        if (newer == null) {
            newest = older;
        } else {
            newer.older = older;
        }
    }
}
