// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

import egret.capture.origin.Owner;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What engines leave in the file system of their containers, for when none may be asked: Docker's own files, and the names
 * of the logs that a kubelet links, {@code POD_NAMESPACE_CONTAINER-ID.log}. On the lookup thread.
 */
final class ContainerFiles {
    private static final long MAX_FILE = 4 << 20;
    private static final int MAX_LOGS = 16_384;
    private static final String LOG = ".log";

    private final Path docker;
    private final Path logs;

    ContainerFiles(Path docker, Path logs) {
        this.docker = docker;
        this.logs = logs;
    }

    @Nullable
    ContainerNames find(String id, String runtime) {
        if (!CgroupText.isId(id)) {
            return null;
        }
        ContainerNames names = docker(id);
        return names == null ? log(id, runtime) : names;
    }

    private @Nullable ContainerNames docker(String id) {
        Path file = docker.resolve(id).resolve("config.v2.json");
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MAX_FILE) {
                return null;
            }
            try (InputStream in = Files.newInputStream(file)) {
                return ContainerJson.container(in, "docker");
            }
        } catch (IOException ignored) {
            return null; // Being written, or gone.
        }
    }

    private @Nullable ContainerNames log(String id, String runtime) {
        if (!Files.isDirectory(logs)) {
            return null;
        }
        String end = "-" + id + LOG;
        int left = MAX_LOGS;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(logs)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (name.endsWith(end)) {
                    return log(id, runtime, name.substring(0, name.length() - end.length()));
                }
                if (--left == 0) {
                    return null;
                }
            }
        } catch (IOException | DirectoryIteratorException ignored) {
            return null; // Gone, or not for us.
        }
        return null;
    }

    private static @Nullable ContainerNames log(String id, String runtime, String parts) {
        int first = parts.indexOf('_');
        int second = parts.indexOf('_', first + 1);
        if (first <= 0 || second < 0) {
            return null;
        }
        String pod = Texts.printable(parts.substring(0, first), 255);
        String namespace = Texts.printable(parts.substring(first + 1, second), 255);
        String name = Texts.printable(parts.substring(second + 1), 255);
        return new ContainerNames(
                new Owner.Container(id, name, "", runtime), new Owner.Service("kubernetes", namespace, pod));
    }
}
