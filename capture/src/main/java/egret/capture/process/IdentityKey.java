// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

import org.jspecify.annotations.Nullable;

/** What processes of one owner have in common apart from their command line; mutable only as a probe. */
final class IdentityKey {
    String executable = "";
    int uid;

    /** Its path, "" if it is unknown. */
    String cgroup = "";

    /** Where the path is unknown. */
    long cgroupId;

    String parent = "";

    void from(ProcessRecord process) {
        Cgroup known = process.cgroup;
        executable = process.executable.isEmpty() ? process.command : process.executable;
        uid = process.uid;
        cgroup = known == null ? "" : known.path();
        cgroupId = known == null ? process.cgroupId : 0;
        parent = process.parents.length == 0 ? "" : process.parents[0];
    }

    IdentityKey copy() {
        IdentityKey copy = new IdentityKey();
        copy.executable = executable;
        copy.uid = uid;
        copy.cgroup = cgroup;
        copy.cgroupId = cgroupId;
        copy.parent = parent;
        return copy;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof IdentityKey key
                && uid == key.uid
                && cgroupId == key.cgroupId
                && executable.equals(key.executable)
                && parent.equals(key.parent)
                && cgroup.equals(key.cgroup);
    }

    @Override
    public int hashCode() {
        int hash = executable.hashCode();
        hash = hash * 31 + uid;
        hash = hash * 31 + Long.hashCode(cgroupId);
        hash = hash * 31 + parent.hashCode();
        return hash * 31 + cgroup.hashCode();
    }
}
