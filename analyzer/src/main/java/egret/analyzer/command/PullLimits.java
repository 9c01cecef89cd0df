// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import egret.analyzer.answer.PullLimit;
import egret.analyzer.registry.Login;
import egret.analyzer.registry.PullLimitQuestion;
import egret.rules.Endpoint;
import egret.rules.Rules;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What registries say of their limits on pulls, if that is wanted: asked once, or again and again by a thread of its own. */
final class PullLimits implements AutoCloseable {
    private static final long AGAIN_SECONDS = 600;
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final Rules rules;
    private final @Nullable Login login;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile List<PullLimit> latest = List.of();

    private PullLimits(Rules rules, @Nullable Login login) {
        this.rules = rules;
        this.login = login;
    }

    /** Null if nobody is to be asked. */
    static @Nullable PullLimits of(Arguments arguments, Rules rules) throws UsageException {
        String command = "egret " + arguments.command() + ": ";
        String file = arguments.value("--registry-login");
        if (!arguments.has("--check-pull-limit")) {
            if (file != null) {
                throw new UsageException(command + "--registry-login is for --check-pull-limit, and needs it");
            }
            return null;
        }
        try {
            return new PullLimits(rules, file == null ? null : Login.read(Path.of(file)));
        } catch (IOException | InvalidPathException e) {
            throw new UsageException(command + "the file '" + file + "' of --registry-login "
                    + (e.getClass() == IOException.class ? e.getMessage() : "cannot be read"));
        }
    }

    /** Asks all that the rules say how to ask. */
    List<PullLimit> ask() throws InterruptedException {
        PullLimitQuestion question = new PullLimitQuestion(login);
        List<PullLimit> limits = new ArrayList<>();
        for (Endpoint endpoint : rules.endpoints()) {
            PullLimit limit = question.ask(endpoint, System.currentTimeMillis() * NANOS_PER_MILLI);
            if (limit != null) {
                limits.add(limit);
            }
        }
        return List.copyOf(limits);
    }

    /** Begins to ask every {@value #AGAIN_SECONDS} s. */
    void start() {
        Thread thread = new Thread(this::run, "pull-limits");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            do {
                latest = ask();
            } while (!closing.await(AGAIN_SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Empty until the first answer. */
    List<PullLimit> latest() {
        return latest;
    }

    @Override
    public void close() {
        closing.countDown();
    }
}
