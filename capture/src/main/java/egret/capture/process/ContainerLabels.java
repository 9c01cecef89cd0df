// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

import egret.capture.origin.Owner;
import org.jspecify.annotations.Nullable;

/** The labels of one container that tell what it is part of, as swarm, compose and the kubelet set them. */
final class ContainerLabels {
    private static final int MAX = 255;

    private String name = "";
    private String image = "";
    private String swarmService = "";
    private String stack = "";
    private String project = "";
    private String composeService = "";
    private String namespace = "";
    private String pod = "";
    private String podContainer = "";

    void add(String key, String value) {
        switch (key) {
            case "name" -> name = value; // In the attributes of an event, where they stand among the labels.
            case "image" -> image = value;
            case "com.docker.swarm.service.name" -> swarmService = value;
            case "com.docker.stack.namespace" -> stack = value;
            case "com.docker.compose.project", "io.podman.compose.project" -> project = value;
            case "com.docker.compose.service" -> composeService = value;
            case "io.kubernetes.pod.namespace" -> namespace = value;
            case "io.kubernetes.pod.name" -> pod = value;
            case "io.kubernetes.container.name" -> podContainer = value;
            default -> {}
        }
    }

    String name() {
        return name;
    }

    String image() {
        return image;
    }

    /** The kubelet's name for it rather than the engine's, which is made of five parts. */
    String containerName(String engineName) {
        return podContainer.isEmpty() ? engineName : podContainer;
    }

    Owner.@Nullable Service service() {
        if (!swarmService.isEmpty()) {
            return service("swarm", stack, swarmService);
        }
        if (!composeService.isEmpty()) {
            return service("compose", project, composeService);
        }
        return pod.isEmpty() ? null : service("kubernetes", namespace, pod);
    }

    private static Owner.Service service(String kind, String group, String name) {
        return new Owner.Service(kind, Texts.printable(group, MAX), Texts.printable(name, MAX));
    }
}
