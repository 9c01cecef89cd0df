// SPDX-License-Identifier: Apache-2.0
package egret.capture.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTailTest {
    @TempDir
    Path folder;

    private int begun;

    private void append(Path path, String text) throws IOException {
        Files.writeString(path, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** All that is there now: two quiet reads, as one may only notice that the file was moved. */
    private String drain(FileTail tail) throws IOException {
        StringBuilder text = new StringBuilder();
        byte[] block = new byte[7];
        for (int quiet = 0; quiet < 3; ) {
            int read = tail.read(block);
            if (read > 0) {
                text.append(new String(block, 0, read, StandardCharsets.UTF_8));
            } else if (read == LogInput.BEGUN) {
                begun++;
            }
            quiet = read == 0 ? quiet + 1 : 0;
        }
        return text.toString();
    }

    @Test
    void beginsSoFarBackWithAWholeLine() throws IOException {
        Path log = folder.resolve("log");
        append(log, "first line\nsecond\nthird\n");
        try (FileTail tail = new FileTail(log, 10)) {
            assertThat(drain(tail)).isEqualTo("third\n");
            assertThat(tail.fromStart()).isFalse();
            append(log, "fourth\n");
            assertThat(drain(tail)).isEqualTo("fourth\n");
        }
        try (FileTail tail = new FileTail(log, 14)) {
            assertThat(drain(tail)).isEqualTo("third\nfourth\n".substring(0, 13));
        }
        try (FileTail tail = new FileTail(log, 1000)) {
            assertThat(drain(tail)).startsWith("first line\n");
            assertThat(tail.fromStart()).isTrue();
        }
    }

    @Test
    void waitsForAFileThatIsNotThereYet() throws IOException {
        Path log = folder.resolve("log");
        try (FileTail tail = new FileTail(log)) {
            assertThat(drain(tail)).isEmpty();
            assertThat(tail.state()).isEqualTo("is not there");
            assertThat(tail.open()).isFalse();
            append(log, "a\n");
            assertThat(drain(tail)).isEqualTo("a\n");
            assertThat(tail.open()).isTrue();
        }
    }

    @Test
    void readsTheOldFileToItsEndAndThenTheNewOne() throws IOException {
        Path log = folder.resolve("log");
        append(log, "a\n");
        try (FileTail tail = new FileTail(log)) {
            assertThat(drain(tail)).isEqualTo("a\n");
            Path moved = folder.resolve("log.1");
            append(log, "b\n");
            Files.move(log, moved);
            append(moved, "c\n");
            assertThat(drain(tail)).isEqualTo("b\nc\n");
            append(moved, "d\n");
            append(log, "e\n");
            assertThat(drain(tail)).isEqualTo("d\ne\n");
            assertThat(begun).isEqualTo(2);
            assertThat(tail.fromStart()).isTrue();
        }
    }

    @Test
    void beginsAgainWhenTheFileIsCut() throws IOException {
        Path log = folder.resolve("log");
        append(log, "a long line that was there\n");
        try (FileTail tail = new FileTail(log)) {
            drain(tail);
            Files.writeString(log, "short\n");
            assertThat(drain(tail)).isEqualTo("short\n");
            assertThat(begun).isEqualTo(2);
        }
    }

    @Test
    void doesNotFollowWhatIsCompressedOrNoFile() throws IOException {
        Path log = folder.resolve("log");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(log))) {
            out.write(new byte[100]);
        }
        try (FileTail tail = new FileTail(log)) {
            assertThat(drain(tail)).isEmpty();
            assertThat(tail.state()).contains("compressed");
            Files.move(log, folder.resolve("log.gz"));
            append(log, "plain\n");
            assertThat(drain(tail)).isEqualTo("plain\n");
        }
        try (FileTail tail = new FileTail(folder)) {
            assertThat(drain(tail)).isEmpty();
            assertThat(tail.state()).isEqualTo("is no regular file");
        }
    }

    @Test
    void readsEachByteOnceHoweverFilesAreTurned() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            Path log = folder.resolve("log" + round);
            StringBuilder written = new StringBuilder();
            StringBuilder read = new StringBuilder();
            int turns = 0;
            try (FileTail tail = new FileTail(log)) {
                for (int step = 0; step < 60; step++) {
                    String piece = "line " + step + (random.nextBoolean() ? "\n" : "");
                    switch (random.nextInt(6)) {
                        case 0 -> {
                            read.append(drain(tail));
                            if (Files.exists(log)) {
                                Files.move(log, folder.resolve("log" + round + "." + turns++));
                            }
                        }
                        case 1 -> {
                            read.append(drain(tail));
                            if (Files.exists(log)) {
                                Files.write(log, new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
                                read.append(drain(tail));
                            }
                        }
                        case 2 -> read.append(drain(tail));
                        default -> {
                            append(log, piece);
                            written.append(piece);
                        }
                    }
                }
                read.append(drain(tail));
            }
            assertThat(read.toString()).as("seed %d, round %d", seed, round).isEqualTo(written.toString());
        }
    }
}
