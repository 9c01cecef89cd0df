// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The real program on a terminal of its own, which the command "script" makes. */
class WatchTerminalTest {
    private static final Path SCRIPT = Path.of("/usr/bin/script");

    /** For a machine with much else to do. */
    private static final long PATIENCE_SECONDS = 60;

    /** What a terminal got, and what the program left behind. */
    private record Ended(String screen, int code) {
        String afterwards() {
            return screen.substring(screen.lastIndexOf("\u001b[?1049l"));
        }
    }

    private interface Act {
        void on(Process script) throws IOException;
    }

    /** Waits until the screen has shown {@code awaited}, then acts and waits for the end. */
    private static Ended run(String demo, String awaited, Act act) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(SCRIPT), "there is no " + SCRIPT + " to make a terminal with");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        // Who builds in the background may have SIGINT ignored, which is inherited; Ctrl-C reaches the shell too, and
        // dash, unlike bash, would end by it whatever the program made of it.
        String command = "trap : INT; stty cols 100 rows 30; env --default-signal=INT '" + java
                + "' -Xmx128m -XX:+UseSerialGC -cp '"
                + System.getProperty("java.class.path") + "' " + WatchDemo.class.getName() + " " + demo
                + " watch -i eth0; code=$?; stty -a; exit $code";
        ProcessBuilder builder = new ProcessBuilder(SCRIPT.toString(), "-qefc", command, "/dev/null");
        builder.environment().put("TERM", "xterm-256color");
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().remove("NO_COLOR");
        Process script = builder.redirectErrorStream(true).start();
        ByteArrayOutputStream screen = new ByteArrayOutputStream();
        CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS).execute(() -> kill(script));
        try {
            byte[] buffer = new byte[8192];
            InputStream in = script.getInputStream();
            boolean acted = false;
            for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
                screen.write(buffer, 0, got);
                if (!acted && screen.toString(StandardCharsets.UTF_8).contains(awaited)) {
                    acted = true;
                    act.on(script);
                }
            }
            boolean ended = script.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(ended).as(screen.toString(StandardCharsets.UTF_8)).isTrue();
        } finally {
            kill(script);
        }
        return new Ended(screen.toString(StandardCharsets.UTF_8), script.exitValue());
    }

    private static void kill(Process script) {
        script.descendants().toList().forEach(ProcessHandle::destroyForcibly);
        script.destroyForcibly();
    }

    private static void type(Process script, String keys) throws IOException {
        script.getOutputStream().write(keys.getBytes(StandardCharsets.UTF_8));
        script.getOutputStream().flush();
    }

    private static void assertRestored(Ended ended) {
        assertThat(ended.screen()).containsOnlyOnce("\u001b[?1049h").containsOnlyOnce("\u001b[?1049l");
        assertThat(ended.screen().lastIndexOf("\u001b[?25l"))
                .isLessThan(ended.screen().lastIndexOf("\u001b[?25h"));
        assertThat(ended.afterwards()).containsPattern("[^-]icanon").containsPattern("[^-]echo ");
    }

    @Test
    void showsTheCulpritEndsWithQAndLeavesTheTerminalInOrder() throws IOException, InterruptedException {
        Ended ended = run("20 ok", "10.0.1.11 makes", script -> type(script, "\r\u001b[B?xq"));

        assertThat(ended.code()).isZero();
        assertRestored(ended);
        assertThat(ended.screen()).contains("SOURCE", "Enter owners", "OWNER", "Any key goes back");
        assertThat(ended.afterwards()).contains("10.0.1.11 makes", "What was not seen");
    }

    @Test
    void ctrlCEndsWithTheAnswer() throws IOException, InterruptedException {
        Ended ended = run("20 ok", "10.0.1.11 makes", script -> type(script, "\u0003"));

        assertThat(ended.code()).isZero();
        assertRestored(ended);
        assertThat(ended.afterwards()).contains("10.0.1.11 makes");
    }

    @Test
    void aSignalEndsWithTheAnswer() throws IOException, InterruptedException {
        Ended ended = run("20 ok", "10.0.1.11 makes", script -> program(script).destroy());

        assertThat(ended.code()).isZero();
        assertRestored(ended);
        assertThat(ended.afterwards()).contains("10.0.1.11 makes");
    }

    private static ProcessHandle program(Process script) {
        return script.descendants()
                .filter(process -> process.info().command().orElse("").endsWith("/java"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aBugLeavesTheTerminalInOrder() throws IOException, InterruptedException {
        Ended ended = run("20 bug", "egret", script -> {});

        assertThat(ended.code()).isEqualTo(Egret.INTERNAL_FAILURE);
        assertRestored(ended);
        assertThat(ended.afterwards()).contains("egret: internal failure: ", "made to fail");
    }
}
