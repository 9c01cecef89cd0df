// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.answer;

import egret.capture.origin.Owner;
import egret.capture.origin.Owner.Container;
import egret.capture.origin.Owner.OwnerProcess;
import egret.capture.origin.Owner.Service;
import egret.capture.origin.Quality;
import org.jspecify.annotations.Nullable;

/** An owner in words. They hold what programs and containers call themselves: not safe for a terminal as they are. */
public final class OwnerWords {
    private static final int SHORT_ID = 12;
    private static final String UNIT = ".service";

    private OwnerWords() {}

    /** For a table: {@code web/nginx (compose)}, {@code build-7 (docker)}, {@code dockerd[812]}, {@code curl ×812}. */
    public static String brief(Owner owner) {
        Service service = owner.service();
        if (service != null && !service.kind().equals("systemd")) {
            return name(service) + " (" + service.kind() + ")";
        }
        Container container = owner.container();
        if (container != null) {
            return name(container) + (container.runtime().isEmpty() ? "" : " (" + container.runtime() + ")");
        }
        OwnerProcess process = owner.process();
        if (process != null) {
            return program(process) + (owner.processes() > 1 ? " ×" + owner.processes() : "[" + process.pid() + "]");
        }
        return service == null ? "unknown" : service.name();
    }

    /** {@code dockerd (pid 812)}, {@code curl (812 processes)}; null if no process is known. */
    public static @Nullable String process(Owner owner) {
        OwnerProcess process = owner.process();
        if (process == null) {
            return null;
        }
        return program(process)
                + (owner.processes() > 1 ? " (" + owner.processes() + " processes)" : " (pid " + process.pid() + ")");
    }

    /** {@code compose service web/nginx}; null if none is known. */
    public static @Nullable String service(Owner owner) {
        Service service = owner.service();
        if (service == null) {
            return null;
        }
        return switch (service.kind()) {
            case "swarm" -> "swarm service " + name(service);
            case "compose" -> "compose service " + name(service);
            case "kubernetes" -> "pod " + name(service);
            default -> name(service);
        };
    }

    /** {@code container web-1}; null if there is none. */
    public static @Nullable String container(Owner owner) {
        Container container = owner.container();
        return container == null ? null : "container " + name(container);
    }

    /** {@code nginx (pid 4711) in container web-1 of compose service web/nginx}, as much of it as is known. */
    public static String full(Owner owner) {
        String process = process(owner);
        String container = container(owner);
        String service = service(owner);
        StringBuilder text = new StringBuilder();
        if (process != null) {
            text.append(process);
        }
        if (container != null) {
            text.append(process == null ? "" : " in ").append(container);
        }
        if (service != null && !saidBy(owner)) {
            text.append(text.length() == 0 ? "" : " of ").append(service);
        }
        return text.length() == 0 ? "an unknown process" : text.toString();
    }

    /** A unit that is called like its program, such as docker.service with dockerd, says nothing more. */
    private static boolean saidBy(Owner owner) {
        Service service = owner.service();
        OwnerProcess process = owner.process();
        if (service == null || process == null || !service.kind().equals("systemd")) {
            return false;
        }
        String unit = service.name();
        String bare = unit.endsWith(UNIT) ? unit.substring(0, unit.length() - UNIT.length()) : unit;
        return program(process).startsWith(bare);
    }

    /** The executable without its path. */
    public static String program(OwnerProcess process) {
        String path = process.executable();
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (name.length() > 2 && name.startsWith("[") && name.endsWith("]")) {
            return name.substring(1, name.length() - 1); // the kernel's short name
        }
        return name.isEmpty() ? "a process" : name;
    }

    private static String name(Service service) {
        return service.group().isEmpty() ? service.name() : service.group() + "/" + service.name();
    }

    private static String name(Container container) {
        String id = container.id();
        return container.name().isEmpty() ? id.substring(0, Math.min(SHORT_ID, id.length())) : container.name();
    }

    /** As JSON has it. */
    public static String word(Quality quality) {
        return switch (quality) {
            case EXACT -> "exact";
            case INFERRED -> "inferred";
            case UNKNOWN -> "unknown";
        };
    }
}
