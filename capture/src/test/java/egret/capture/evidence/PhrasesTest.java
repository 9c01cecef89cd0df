// SPDX-License-Identifier: Apache-2.0
package egret.capture.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.evidence.Evidence.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The words of the daemons, version by version. */
class PhrasesTest {
    private static final String HAP =
            "error parsing HTTP 429 response body: invalid character 'T' looking for beginning of value:"
                    + " \\\"Too Many Requests (HAP429).\\\\n\\\"";

    private static void means(String fields, Kind kind, Problem problem, String image) {
        byte[] line = ("time=\"2026-11-23T01:26:19Z\" level=info " + fields).getBytes(StandardCharsets.UTF_8);
        LogLine read = new LogLine();
        assertThat(new LogFormat(new LogTime(0)).read(line, 0, line.length, read))
                .isTrue();
        assertThat(Phrases.kind(read)).as(fields).isEqualTo(kind);
        assertThat(Problem.of(read.error)).as(fields).isEqualTo(problem);
        assertThat(read.image).as(fields).isEqualTo(image);
    }

    @Test
    void knowsFailedPullsOfTasks() {
        means(
                "msg=\"pulling image failed\" error=\"" + HAP + "\" service.id=s",
                Kind.PULL_FAILED,
                Problem.ABUSE_LIMIT,
                "");
        means(
                "msg=\"pulling image failed\" error=\"toomanyrequests: Too Many Requests (HAP429).\"",
                Kind.PULL_FAILED,
                Problem.ABUSE_LIMIT,
                "");
        means(
                "msg=\"pulling image failed\" error=\"pull access denied for acme/app, repository does not exist or may require"
                        + " 'docker login': denied: requested access to the resource is denied\"",
                Kind.PULL_FAILED,
                Problem.DENIED,
                "");
        means(
                "msg=\"pulling image failed\" error=\"manifest for acme/app:9.9 not found: manifest unknown: manifest unknown\"",
                Kind.PULL_FAILED,
                Problem.NOT_FOUND,
                "");
        means(
                "msg=\"fatal task error\" error=\"No such image: acme/other:1\"",
                Kind.TASK_FAILED,
                Problem.NO_SUCH_IMAGE,
                "");
        means(
                "msg=\"fatal task error\" error=\"starting container failed: failed to create shim task: OCI runtime create failed\"",
                Kind.TASK_FAILED,
                Problem.START_FAILED,
                "");
        means("msg=\"fatal task error\" error=\"task: non-zero exit (1)\"", Kind.TASK_FAILED, Problem.EXITED, "");
    }

    @Test
    void findsTheErrorBehindAColonAndInAField() {
        means(
                "msg=\"Not continuing with pull after error: toomanyrequests: You have reached your pull rate limit.\"",
                Kind.PULL_REFUSED,
                Problem.PULL_LIMIT,
                "");
        means(
                "msg=\"Not continuing with pull after error\" error=\"toomanyrequests: You have reached your pull rate limit.\"",
                Kind.PULL_REFUSED,
                Problem.PULL_LIMIT,
                "");
        means(
                "msg=\"Attempting next endpoint for pull after error: " + HAP + "\"",
                Kind.PULL_REFUSED,
                Problem.ABUSE_LIMIT,
                "");
        means(
                "msg=\"fetch failed after status: 429 Too Many Requests\" host=registry-1.docker.io method=HEAD",
                Kind.PULL_REFUSED,
                Problem.ABUSE_LIMIT,
                "");
        means(
                "msg=\"trying next host\" error=\"dial tcp: lookup registry-1.docker.io: no such host\"",
                Kind.PULL_REFUSED,
                Problem.UNREACHABLE,
                "");
    }

    @Test
    void knowsWhatTheApiWasAskedFor() {
        means(
                "msg=\"Handler for GET /v1.41/distribution/acme/app:1.0/json returned error: " + HAP + "\"",
                Kind.RESOLVE_FAILED,
                Problem.ABUSE_LIMIT,
                "acme/app:1.0");
        means(
                "msg=\"Handler for POST /v1.41/images/create returned error: " + HAP + "\"",
                Kind.API_PULL_FAILED,
                Problem.ABUSE_LIMIT,
                "");
        means(
                "msg=\"Handler for POST /images/create returned error\" error-response=\"toomanyrequests: x (HAP429).\""
                        + " method=POST request-url=\"/v1.52/images/create?fromImage=acme%2Fapp&tag=1\" status=500",
                Kind.API_PULL_FAILED, Problem.ABUSE_LIMIT, "");
        means("msg=\"Handler for GET /v1.41/containers/json returned error: x\"", null, Problem.OTHER, "");
        means(
                "msg=\"unable to pin image acme/app:1 to digest: errors: denied: no\"",
                Kind.RESOLVE_FAILED,
                Problem.DENIED,
                "acme/app:1");
    }

    @Test
    void knowsPinnedAndSuccessfulPulls() {
        String pinned = "docker.io/acme/app:1.0@sha256:" + "ab".repeat(32);
        means(
                "msg=\"reference for unknown type: \" digest=\"sha256:ab\" remote=\"" + pinned + "\"",
                Kind.PINNED_PULL,
                Problem.NONE,
                pinned);
        means(
                "msg=\"image pulled\" digest=\"sha256:ab\" remote=\"docker.io/acme/app:1\"",
                Kind.PULLED,
                Problem.NONE,
                "docker.io/acme/app:1");
    }

    @Test
    void knowsContainerdAndKubelet() {
        means("msg=\"PullImage \\\"docker.io/acme/app:1\\\"\"", Kind.POD_PULL, Problem.NONE, "docker.io/acme/app:1");
        means(
                "msg=\"PullImage \\\"docker.io/acme/app:1\\\" failed\" error=\"x: 429 Too Many Requests\"",
                Kind.PULL_FAILED,
                Problem.ABUSE_LIMIT,
                "docker.io/acme/app:1");
        means("msg=\"PullImage \\\"a\\\" returns image reference \\\"sha256:ab\\\"\"", null, Problem.NONE, "a");
        means("msg=\"Back-off pulling image \\\"acme/app:1\\\"\"", Kind.BACK_OFF, Problem.NONE, "acme/app:1");
    }

    @Test
    void knowsHowContainerdWordsA429() {
        String resolve = "failed to pull and unpack image \\\"docker.io/acme/app:1\\\": failed to resolve reference"
                + " \\\"docker.io/acme/app:1\\\": ";
        for (String words : List.of(
                "unexpected status from HEAD request to https://registry-1.docker.io/v2/acme/app/manifests/1: 429 Too Many"
                        + " Requests",
                "pulling from host registry-1.docker.io failed with status code [manifests 1]: 429 Too Many Requests")) {
            means(
                    "msg=\"PullImage \\\"docker.io/acme/app:1\\\" failed\" error=\"" + resolve + words + "\"",
                    Kind.PULL_FAILED,
                    Problem.ABUSE_LIMIT,
                    "docker.io/acme/app:1");
        }
        means(
                "msg=\"PullImage \\\"docker.io/acme/app:1\\\" failed\" error=\"httpReadSeeker: failed open: unexpected"
                        + " status code https://registry-1.docker.io/v2/acme/app/manifests/sha256:ab: 429 Too Many Requests"
                        + " - Server message: toomanyrequests: You have reached your pull rate limit.\"",
                Kind.PULL_FAILED,
                Problem.PULL_LIMIT,
                "docker.io/acme/app:1");
    }

    @Test
    void knowsAMirrorThatFails() {
        means(
                "msg=\"Error getting v2 registry: Get \\\"https://mirror.example.org/v2/\\\": dial tcp 192.0.2.9:443:"
                        + " connect: connection refused\"",
                Kind.PULL_REFUSED,
                Problem.UNREACHABLE,
                "");
    }

    @Test
    void knowsToolsThatLookForNewerImages() {
        means(
                "msg=\"Could not do a head request for \\\"acme/app:latest\\\", falling back to regular pull.\""
                        + " container=/app image=\"acme/app:latest\"",
                Kind.POLLED,
                Problem.NONE,
                "acme/app:latest");
        means("msg=\"Session done\" Failed=0 Scanned=3 Updated=0 notify=no", Kind.POLLED, Problem.NONE, "");
        means(
                "msg=\"trigger.poll.WatchTagJob: failed to check digest\" error=\"429 Too Many Requests\""
                        + " image=\"acme/app:1\"",
                Kind.POLLED,
                Problem.ABUSE_LIMIT,
                "acme/app:1");
        means(
                "msg=\"Starting image update cycle, considering 1 annotated application(s) for update\"",
                Kind.POLLED,
                Problem.NONE,
                "");
        means(
                "msg=\"Processing results: applications=1 images_considered=1 images_skipped=0 images_updated=0 errors=0\"",
                Kind.POLLED,
                Problem.NONE,
                "");
        means("msg=\"Processing application app\"", null, Problem.NONE, "");
    }

    @Test
    void leavesAllElse() {
        means("msg=\"API listen on /var/run/docker.sock\"", null, Problem.NONE, "");
        means(
                "msg=\"Ignoring extra error returned from registry: unauthorized: authentication required\"",
                null,
                Problem.NONE,
                "");
        means("msg=\"fatal\"", null, Problem.NONE, "");
    }
}
