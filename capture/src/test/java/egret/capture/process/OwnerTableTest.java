// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.origin.Quality;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnerTableTest {
    @TempDir
    Path folder;

    private OwnerTable table() {
        Methods methods = new Methods();
        methods.number("one");
        methods.number("other");
        return new OwnerTable(methods, new Users(folder.resolve("passwd")), BootClock.of(folder, 1));
    }

    private static ProcessRecord process(String executable, String line) {
        ProcessRecord process = new ProcessRecord(1, 0);
        process.executable = executable;
        process.commandLine = line;
        return process;
    }

    @Test
    void holdsTheOnesUsedLastAsASlowModelDoes() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        OwnerTable table = table();
        Map<String, Map<String, Integer>> model = new LinkedHashMap<>(16, 0.75f, true);
        Map<Integer, String> all = new HashMap<>();
        int faces = 0;
        for (int step = 0; step < 60_000; step++) {
            String name = "/bin/" + (random.nextInt(3) == 0 ? random.nextInt(100) : random.nextInt(30_000));
            Quality quality = random.nextInt(4) == 0 ? Quality.INFERRED : Quality.EXACT;
            int method = random.nextInt(2);
            int id = table.id(process(name, name), quality, method, 0);

            Map<String, Integer> numbers = model.computeIfAbsent(name, unused -> new HashMap<>());
            Integer expected = numbers.get(quality + " " + method);
            if (expected == null) {
                while (faces >= OwnerTable.MAX) {
                    String first = model.keySet().iterator().next();
                    faces -= model.remove(first).size();
                }
                assertThat(all.put(id, name)).as("seed %d: %d is new", seed, id).isNull();
                numbers.put(quality + " " + method, id);
                faces++;
            } else {
                assertThat(id).as("seed %d, step %d", seed, step).isEqualTo(expected);
            }
            assertThat(table.size()).isEqualTo(faces);
        }
        Set<Integer> held = new HashSet<>();
        model.values().forEach(numbers -> held.addAll(numbers.values()));
        all.forEach((id, name) -> {
            Identity.Face face = table.face(id);
            assertThat(face != null).as("seed %d: %d", seed, id).isEqualTo(held.contains(id));
            if (face != null) {
                assertThat(face.identity.process.executable()).isEqualTo(name);
            }
        });
    }

    @Test
    void aProcessThatWasGoneBeforeItWasReadIsTakenForTheOnlyOneOfItsKind() {
        OwnerTable table = table();
        int unread = table.id(process("/bin/a", ""), Quality.EXACT, 0, 0);
        int read = table.id(process("/bin/a", "a 1"), Quality.EXACT, 0, 0);
        assertThat(read).isEqualTo(unread);
        assertThat(table.face(read).identity.process.commandLine()).isEqualTo("a 1");
        assertThat(table.id(process("/bin/a", ""), Quality.EXACT, 0, 0)).isEqualTo(read);
        int other = table.id(process("/bin/a", "a 2"), Quality.EXACT, 0, 0);
        assertThat(other).isNotEqualTo(read);
        int either = table.id(process("/bin/a", ""), Quality.EXACT, 0, 0);
        assertThat(either).isNotIn(read, other);
        assertThat(table.face(either).identity.process.commandLine()).isEqualTo("a …");
    }

    @Test
    void usersCgroupsAndParentsTellOwnersApart() {
        OwnerTable table = table();
        Set<Integer> ids = new HashSet<>();
        ids.add(table.id(process("/bin/a", "a"), Quality.EXACT, 0, 0));
        ProcessRecord user = process("/bin/a", "a");
        user.uid = 5;
        ids.add(table.id(user, Quality.EXACT, 0, 0));
        ProcessRecord cgroup = process("/bin/a", "a");
        cgroup.cgroup = CgroupText.path("/system.slice/x.service", true);
        ids.add(table.id(cgroup, Quality.EXACT, 0, 0));
        ProcessRecord number = process("/bin/a", "a");
        number.cgroupId = 77;
        ids.add(table.id(number, Quality.EXACT, 0, 0));
        ProcessRecord child = process("/bin/a", "a");
        child.parents = new String[] {"/bin/sh"};
        ids.add(table.id(child, Quality.EXACT, 0, 0));
        assertThat(ids).hasSize(5);
    }
}
