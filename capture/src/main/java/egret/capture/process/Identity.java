// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

import egret.capture.origin.Owner;
import egret.capture.origin.Quality;
import org.jspecify.annotations.Nullable;

/**
 * All processes that differ in nothing but their number and time, as one owner. It has a number for each quality and method
 * with which a connection was attributed to it: an {@link Owner} says both. Belongs to the {@link OwnerTable}.
 */
final class Identity {
    /** Its number, and what was made of it. */
    static final class Face {
        final int id;
        final Identity identity;
        final Quality quality;
        final int method;

        /** The next one in the same place of the table by number. */
        @Nullable
        Face next;

        @Nullable
        Owner made;

        long madeVersion;

        Face(int id, Identity identity, Quality quality, int method) {
            this.id = id;
            this.identity = identity;
            this.quality = quality;
            this.method = method;
        }
    }

    final IdentityKey group;
    String commandLine;
    Owner.OwnerProcess process;
    final long cgroupId;

    @Nullable
    Cgroup cgroup;

    @Nullable
    ContainerNames names;

    long processes;

    /** Changes with what is said of it. */
    long version;

    /** When its container or cgroup may be asked for again, and how often that was done. */
    long askNanos;

    int asked;

    boolean gone;

    final Face[] faces;
    int faceCount;

    /** In the order of their last use. */
    @Nullable
    Identity older;

    @Nullable
    Identity newer;

    Identity(IdentityKey group, String commandLine, Owner.OwnerProcess process, ProcessRecord first, int mostFaces) {
        this.group = group;
        this.commandLine = commandLine;
        this.process = process;
        this.cgroup = first.cgroup;
        this.cgroupId = first.cgroupId;
        this.faces = new Face[mostFaces];
    }
}
