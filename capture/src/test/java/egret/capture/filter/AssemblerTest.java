// SPDX-License-Identifier: Apache-2.0
package egret.capture.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Programs that the assembler lays out do what their instructions and labels say. */
final class AssemblerTest {
    private static final byte[] NOTHING = new byte[0];

    @Test
    void jumpsReachAsFarAsTheyAreTold() {
        for (int distance : new int[] {0, 1, 253, 254, 255, 256, 257, 600, 4000}) {
            for (boolean holds : new boolean[] {false, true}) {
                for (boolean far : new boolean[] {false, true}) {
                    Assembler code = new Assembler();
                    int target = code.label();
                    code.loadConstant(holds ? 7 : 8);
                    code.equal(7, far ? target : Assembler.NEXT, far ? Assembler.NEXT : target);
                    code.end(1);
                    for (int i = 0; i < distance; i++) {
                        code.end(2);
                    }
                    code.place(target);
                    code.end(3);
                    long[] program = code.program();

                    assertThat(new Machine(program).run(NOTHING, 0))
                            .as("%d behind, holds %s, far %s", distance, holds, far)
                            .isEqualTo(holds == far ? 3 : 1);
                }
            }
        }
    }

    @Test
    void bothExitsMayBeFar() {
        for (int value = 0; value < 2; value++) {
            Assembler code = new Assembler();
            int yes = code.label();
            int no = code.label();
            code.loadConstant(value);
            code.equal(1, yes, no);
            for (int i = 0; i < 300; i++) {
                code.end(9);
            }
            code.place(yes);
            code.end(1);
            code.place(no);
            code.end(2);

            assertThat(new Machine(code.program()).run(NOTHING, 0)).isEqualTo(value == 1 ? 1 : 2);
        }
    }

    @Test
    void longerProgramsThanTheKernelTakesAreRefused() {
        Assembler code = new Assembler();
        for (int i = 0; i < Assembler.MAX_INSTRUCTIONS; i++) {
            code.end(1);
        }
        assertThat(code.program()).hasSize(Assembler.MAX_INSTRUCTIONS);

        code.end(1);
        assertThatThrownBy(code::program).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void labelsThatAreNotBehindTheirJumpsAreErrors() {
        Assembler backward = new Assembler();
        int start = backward.label();
        backward.place(start);
        backward.jump(start);
        backward.end(0);
        assertThatThrownBy(backward::program).isInstanceOf(IllegalStateException.class);

        Assembler unplaced = new Assembler();
        unplaced.jump(unplaced.label());
        unplaced.end(0);
        assertThatThrownBy(unplaced::program).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void randomProgramsDoWhatTheirGraphSays() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int nodes = 1 + random.nextInt(1000);
            int[] bit = new int[nodes];
            int[] yes = new int[nodes];
            int[] no = new int[nodes];
            Assembler code = new Assembler();
            int[] labels = new int[nodes + 1];
            for (int i = 0; i <= nodes; i++) {
                labels[i] = code.label();
            }
            int input = random.nextInt();
            code.loadConstant(input);
            for (int i = 0; i < nodes; i++) {
                bit[i] = 1 << random.nextInt(32);
                yes[i] = i + 1 + random.nextInt(nodes - i);
                no[i] = i + 1 + random.nextInt(Math.min(nodes - i, 300));
                code.place(labels[i]);
                code.anyBit(bit[i], labels[yes[i]], labels[no[i]]);
            }
            code.place(labels[nodes]);
            code.end(5);
            long[] program = code.program();
            Machine machine = new Machine(program);

            int at = 0;
            int visited = 0;
            while (at < nodes) {
                at = (input & bit[at]) != 0 ? yes[at] : no[at];
                visited++;
            }
            assertThat(machine.run(NOTHING, 0)).as("seed " + seed).isEqualTo(5);
            assertThat(machine.steps()).as("seed " + seed).isBetween(visited + 2L, 2L * visited + 2);
        }
    }

    @Test
    void membersOfRandomSetsAreFound() {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            int count = seed == 0 ? 0 : 1 + random.nextInt(seed < 50 ? 40 : 1024);
            long[] ranges = new long[count];
            int[] first = new int[count];
            int[] last = new int[count];
            for (int i = 0; i < count; i++) {
                first[i] = random.nextInt(4) == 0 ? -1 - random.nextInt(5) : random.nextInt();
                int span = random.nextInt(3) == 0 ? random.nextInt(1 << 20) : 0;
                last[i] = Integer.compareUnsigned(first[i] + span, first[i]) < 0 ? -1 : first[i] + span;
                ranges[i] = MemberSearch.range(first[i], last[i]);
            }
            Assembler code = new Assembler();
            int yes = code.label();
            int no = code.label();
            code.load(Assembler.WORD, 0);
            MemberSearch.emit(code, ranges, yes, no);
            code.place(yes);
            code.end(1);
            code.place(no);
            code.end(2);
            long[] program = code.program();
            assertThat(program.length).isLessThan(2 * count + count / 20 + 24);
            for (int k = 0; k < 200; k++) {
                int probe = count == 0 || random.nextInt(3) == 0
                        ? random.nextInt()
                        : first[random.nextInt(count)] + random.nextInt(3) - 1;
                boolean member = false;
                for (int i = 0; i < count; i++) {
                    member |= Integer.compareUnsigned(probe, first[i]) >= 0
                            && Integer.compareUnsigned(probe, last[i]) <= 0;
                }
                Machine machine = new Machine(program);
                byte[] packet = ByteBuffer.allocate(4).putInt(probe).array();

                assertThat(machine.run(packet, 4))
                        .as("seed %d, %08x", seed, probe)
                        .isEqualTo(member ? 1 : 2);
                assertThat(machine.steps()).isLessThan(26);
            }
        }
    }
}
