// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.registry;

import egret.analyzer.answer.PullLimit;
import egret.rules.Endpoint;
import egret.rules.Limit;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Asks a registry what it says of its limit on pulls: a token, then HEAD for a manifest, which is no pull but two requests of
 * the limit on requests. Each takes {@link #MOST_MILLIS} ms at most. What cannot be learned is told in a sentence;
 * neither login nor token is ever part of one.
 */
public final class PullLimitQuestion {
    /** For one answer, all of it. */
    static final int MOST_MILLIS = 10_000;

    private static final long MOST_PULLS = 1_000_000_000;
    private static final int LONGEST_WINDOW = 31 * 24 * 3600;
    private static final int LONGEST_NAME = 64;

    private final @Nullable Login login;
    private final int mostMillis;
    private final HttpClient client;

    /** @param login null to ask as anybody from this address */
    public PullLimitQuestion(@Nullable Login login) {
        this(login, MOST_MILLIS);
    }

    PullLimitQuestion(@Nullable Login login, int mostMillis) {
        this.login = login;
        this.mostMillis = mostMillis;
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(Duration.ofMillis(mostMillis))
                .build();
    }

    /** Why no answer was to be had, as the rest of a sentence that begins with the server. */
    private static final class NoAnswer extends Exception {
        private static final long serialVersionUID = 1;

        final String server;
        final String words;

        NoAnswer(String server, String words) {
            super(words);
            this.server = server;
            this.words = words;
        }
    }

    /**
     * What it says; null if the rules do not tell how it is asked.
     *
     * @param nowNanos the time, since the epoch
     */
    public @Nullable PullLimit ask(Endpoint endpoint, long nowNanos) throws InterruptedException {
        Limit limit = endpoint.pull();
        Limit.Check check = limit == null ? null : limit.check();
        if (check == null) {
            return null;
        }
        try {
            URI manifest = URI.create(check.manifest());
            HttpHeaders headers = headers(manifest, token(URI.create(check.token())));
            return limit(endpoint.name(), manifest.getHost(), nowNanos, headers);
        } catch (NoAnswer e) {
            return PullLimit.unknown(endpoint.name(), e.server, nowNanos, e.words);
        }
    }

    private String token(URI server) throws NoAnswer, InterruptedException {
        HttpRequest.Builder request = request(server).GET();
        if (login != null) {
            request.header("Authorization", login.authorization());
        }
        HttpResponse<byte[]> response = answer(request.build(), information -> new BoundedBody());
        int status = response.statusCode();
        if (status == 401 && login != null) {
            throw new NoAnswer(server.getHost(), "refuses the login");
        }
        if (status != 200) {
            throw new NoAnswer(server.getHost(), "answered with status " + status + " instead of a token");
        }
        String token = Token.in(response.body());
        if (token == null) {
            throw new NoAnswer(server.getHost(), "answered without a token");
        }
        return token;
    }

    private HttpHeaders headers(URI server, String token) throws NoAnswer, InterruptedException {
        HttpRequest request = request(server)
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .header("Authorization", "Bearer " + token)
                .header("Accept", "*/*")
                .build();
        HttpResponse<Void> response = answer(request, BodyHandlers.discarding());
        int status = response.statusCode();
        boolean named = response.headers().firstValue("ratelimit-limit").isPresent();
        if (status == 429 && !named) {
            throw new NoAnswer(
                    server.getHost(),
                    "answered 429 without a word of its limit on pulls: as it does when there were too many"
                            + " requests of any kind");
        }
        if (status != 200 && status != 429) {
            throw new NoAnswer(server.getHost(), "answered with status " + status);
        }
        return response.headers();
    }

    private static HttpRequest.Builder request(URI server) {
        return HttpRequest.newBuilder(server).header("User-Agent", "egret");
    }

    private <T> HttpResponse<T> answer(HttpRequest request, BodyHandler<T> handler)
            throws NoAnswer, InterruptedException {
        String server = request.uri().getHost();
        CompletableFuture<HttpResponse<T>> answer = client.sendAsync(request, handler);
        try {
            return answer.get(mostMillis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new NoAnswer(server, tooLate());
        } catch (ExecutionException e) {
            throw new NoAnswer(server, words(e.getCause()));
        } finally {
            answer.cancel(true);
        }
    }

    private String tooLate() {
        return "did not answer within " + (mostMillis + 999) / 1000 + " s";
    }

    private String words(@Nullable Throwable failure) {
        if (failure instanceof HttpTimeoutException) {
            return tooLate();
        }
        if (failure instanceof ConnectException) {
            return "cannot be reached";
        }
        if (failure instanceof SSLException) {
            return "has no certificate that is trusted here, or no TLS";
        }
        if (failure instanceof IOException && BoundedBody.TOO_LONG.equals(failure.getMessage())) {
            return BoundedBody.TOO_LONG;
        }
        return "gave an answer that cannot be read";
    }

    private static PullLimit limit(String endpoint, String server, long nowNanos, HttpHeaders headers) throws NoAnswer {
        List<String> limits = headers.allValues("ratelimit-limit");
        List<String> remainings = headers.allValues("ratelimit-remaining");
        if (limits.isEmpty() && remainings.isEmpty()) {
            return new PullLimit(endpoint, server, nowNanos, 0, 0, 0, countedAs(headers), null);
        }
        long granted = limits.size() == 1 ? count(limits.get(0)) : -1;
        int window = limits.size() == 1 ? window(limits.get(0)) : -1;
        long remaining = remainings.size() == 1 ? count(remainings.get(0)) : -1;
        if (granted < 1 || window < 1 || remaining < 0 || remaining > granted) {
            throw new NoAnswer(server, "names its limit in words that are not understood");
        }
        return new PullLimit(endpoint, server, nowNanos, granted, window, remaining, countedAs(headers), null);
    }

    /** Of {@code 100;w=21600}; -1 if it is none. */
    private static long count(String text) {
        int end = text.indexOf(';');
        return number(end < 0 ? text : text.substring(0, end), MOST_PULLS);
    }

    private static int window(String text) {
        int at = text.indexOf(";w=");
        return at < 0 ? -1 : (int) number(text.substring(at + 3), LONGEST_WINDOW);
    }

    private static long number(String text, long most) {
        String digits = text.strip();
        long number = digits.isEmpty() ? -1 : 0;
        for (int i = 0; i < digits.length() && number >= 0; i++) {
            int digit = digits.charAt(i) - '0';
            number = digit < 0 || digit > 9 || number > most ? -1 : number * 10 + digit;
        }
        return number > most ? -1 : number;
    }

    private static String countedAs(HttpHeaders headers) {
        String text = headers.firstValue("docker-ratelimit-source").orElse("").strip();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) >= 0x7f) {
                return "";
            }
        }
        return text.length() > LONGEST_NAME ? "" : text;
    }
}
