// SPDX-License-Identifier: Apache-2.0
package egret.bench;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/** The command line of the capture generator: {@code generate FILE [--profile P] [--packets N] [--seed N]}. */
public final class Generate {
    private static final String USAGE = """
            usage: bench/generate FILE [--profile full|small] [--packets N] [--seed N]
            Writes FILE (pcapng if it is named so, else pcap) and what it holds, FILE.truth.json.
            The same arguments give the same bytes. Default: full, 1000000 packets, seed 1.""";

    private Generate() {}

    /** Exits with 2 if the arguments are wrong and 1 if the file cannot be written. */
    public static void main(String[] arguments) {
        Profile profile = Profile.FULL;
        long packets = 1_000_000;
        long seed = 1;
        Path path;
        try {
            path = Path.of(arguments[0]);
            for (int i = 1; i < arguments.length; i += 2) {
                String value = arguments[i + 1];
                switch (arguments[i]) {
                    case "--profile" -> profile = Profile.valueOf(value.toUpperCase(Locale.ROOT));
                    case "--packets" -> packets = Long.parseLong(value);
                    case "--seed" -> seed = Long.parseLong(value);
                    default -> throw new IllegalArgumentException("unknown option " + arguments[i]);
                }
            }
        } catch (ArrayIndexOutOfBoundsException | IllegalArgumentException problem) {
            System.err.println(USAGE);
            System.exit(2);
            return;
        }
        try {
            generate(path, profile, packets, seed);
        } catch (IOException problem) {
            System.err.println("generate: cannot write " + path + ": " + problem.getMessage());
            System.exit(1);
        }
    }

    static void generate(Path path, Profile profile, long packets, long seed) throws IOException {
        CaptureFile.Format format =
                path.toString().endsWith(".pcapng") ? CaptureFile.Format.PCAPNG : CaptureFile.Format.PCAP;
        FileChannel channel = FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        try (CaptureFile file = new CaptureFile(channel, format)) {
            Truth truth = new Traffic(seed).write(file, profile, packets);
            Files.writeString(Path.of(path + ".truth.json"), truth.toJson(file));
        }
    }
}
