// SPDX-License-Identifier: Apache-2.0
package egret.capture;

import egret.capture.origin.Owner;
import java.util.Locale;

/** An owner in a line, as it stands beside a packet in a capture file. */
final class OwnerComment {
    private OwnerComment() {}

    static String of(Owner owner) {
        StringBuilder text = new StringBuilder("owner:");
        Owner.OwnerProcess process = owner.process();
        if (process != null) {
            text.append(' ')
                    .append(process.executable())
                    .append('[')
                    .append(process.pid())
                    .append(']');
            if (!process.user().isEmpty()) {
                text.append(" user ").append(process.user());
            }
        }
        Owner.Container container = owner.container();
        if (container != null) {
            text.append(" container ").append(container.name().isEmpty() ? container.id() : container.name());
        }
        Owner.Service service = owner.service();
        if (service != null) {
            text.append(' ').append(service.kind()).append(" service ").append(service.name());
        }
        return text.append(" (")
                .append(owner.quality().name().toLowerCase(Locale.ROOT))
                .append(", ")
                .append(owner.method())
                .append(')')
                .toString();
    }
}
