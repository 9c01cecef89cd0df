// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

import egret.capture.origin.Owner;
import org.jspecify.annotations.Nullable;

/** Container and service of an owner, from what its cgroup and its engine tell: the nearest that has a name. */
final class Descriptions {
    private Descriptions() {}

    static Owner.@Nullable Container container(Identity identity) {
        Cgroup cgroup = identity.cgroup;
        if (cgroup == null || cgroup.container().isEmpty()) {
            return null;
        }
        ContainerNames names = identity.names;
        if (names != null) {
            return names.container();
        }
        String name = cgroup.runtime().equals("lxc") ? cgroup.container() : "";
        return new Owner.Container(cgroup.container(), name, "", cgroup.runtime());
    }

    static Owner.@Nullable Service service(Identity identity) {
        ContainerNames names = identity.names;
        if (names != null && names.service() != null) {
            return names.service();
        }
        Cgroup cgroup = identity.cgroup;
        if (cgroup == null) {
            return null;
        }
        if (!cgroup.pod().isEmpty()) {
            return new Owner.Service("kubernetes", "", cgroup.pod());
        }
        return cgroup.unit().isEmpty() ? null : new Owner.Service("systemd", "", cgroup.unit());
    }
}
