// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {
    /** Words are parted by |, as arguments are; the secret is HUSH in every case. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "app|--password=HUSH|--verbose; app --password=*** --verbose",
                "app|--password|HUSH|next; app --password *** next",
                "app|--db-password|HUSH; app --db-password ***",
                "app|-password|HUSH; app -password ***",
                "app|--token=HUSH; app --token=***",
                "app|--api-key|HUSH; app --api-key ***",
                "app|--secret=HUSH|x; app --secret=*** x",
                "java|-Ddb.password=HUSH|-jar|x.jar; java -Ddb.password=*** -jar x.jar",
                "docker|run|-e|API_TOKEN=HUSH|image; docker run -e API_TOKEN=*** image",
                "env|PGPASSWORD=HUSH|psql; env PGPASSWORD=*** psql",
                "curl|-H|Authorization: Bearer HUSH|https://example.org/; curl -H Authorization: *** https://example.org/",
                "curl|-H|authorization:HUSH|u; curl -H authorization:*** u",
                "curl|-H|X-Api-Key: HUSH|u; curl -H X-Api-Key: *** u",
                "curl|--header|Cookie: a=HUSH HUSH|u; curl --header Cookie: *** u",
                "curl|-u|me:HUSH|https://example.org; curl -u me:*** https://example.org",
                "curl|-ume:HUSH|https://example.org; curl -ume:*** https://example.org",
                "curl|--user=me:HUSH|x; curl --user=me:*** x",
                "curl|--proxy-user|me:HUSH|x; curl --proxy-user me:*** x",
                "curl|-b|HUSH|x; curl -b *** x",
                "curl|https://me:HUSH@example.org/a; curl https://me:***@example.org/a",
                "curl|https://me:HUSH/HUSH@example.org/a; curl https://me:***@example.org/a",
                "git|clone|https://HUSHHUSHHUSHHUSHHUSH@example.org/a.git; git clone https://***@example.org/a.git",
                "curl|https://example.org/?token=HUSH&page=2; curl https://example.org/?token=***&page=2",
                "curl|https://example.org/?a=1&sig=HUSH; curl https://example.org/?a=1&sig=***",
                "app|root:HUSH@tcp(192.0.2.1:3306)/db; app root:***@tcp(192.0.2.1:3306)/db",
                "app|Server=x,Password=HUSH,b=1; app Server=x,Password=***,b=1",
                "mysql|-uroot|-pHUSH|db; mysql -uroot -p*** db",
                "/usr/bin/mysqldump|-pHUSH; /usr/bin/mysqldump -p***",
                "sshpass|-p|HUSH|ssh|h; sshpass -p *** ssh h",
                "sshpass|-pHUSH|ssh|h; sshpass -p*** ssh h",
                "docker|login|-u|me|-p|HUSH|example.org; docker login -u me -p *** example.org",
                "docker|login|--password|HUSH; docker login --password ***",
                "redis-cli|-a|HUSH|ping; redis-cli -a *** ping",
                "ldapsearch|-x|-w|HUSH; ldapsearch -x -w ***",
                "skopeo|copy|--src-creds|me:HUSH|a; skopeo copy --src-creds *** a",
                "openssl|rsa|-passin|pass:HUSH; openssl rsa -passin ***",
                "app|dckr_pat_HUSHHUSHHUSH; app ***",
                "app|x|ghp_HUSHHUSHHUSHHUSH; app x ***",
                "sh|-c|curl -u me:HUSH https://example.org; sh -c curl -u me:*** https://example.org",
                "sh|-c|curl -H 'Authorization: Bearer HUSH' https://example.org; sh -c curl -H 'Authorization: ***' https://example.org",
                "sh|-c|mysql -pHUSH db; sh -c mysql -p*** db",
                "app|{\"password\":\"HUSH\"}; app {\"password\":***",
            })
    void masksWhatMayBeASecret(String line, String expected) {
        String masked = CommandLine.of(line.replace('|', '\0') + "\0");
        assertThat(masked).isEqualTo(expected).doesNotContain("HUSH");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "docker|pull|nginx:1.25@sha256:0123456789; docker pull nginx:1.25@sha256:0123456789",
                "docker|run|-p|80:80|-u|1000:1000|nginx; docker run -p 80:80 -u 1000:1000 nginx",
                "ssh|me@example.org; ssh me@example.org",
                "git|clone|git@example.org:a/b.git; git clone git@example.org:a/b.git",
                "git|clone|ssh://git@example.org/a.git; git clone ssh://git@example.org/a.git",
                "docker|login|--password-stdin|example.org; docker login --password-stdin example.org",
                "app|--password-file|/run/secret; app --password-file /run/secret",
                "curl|-p|http://[2001:db8::1]:80/; curl -p http://[2001:db8::1]:80/",
                "python3|-m|http.server; python3 -m http.server",
                "app|--port=443|a=b; app --port=443 a=b",
                "sleep|1; sleep 1",
            })
    void leavesTheRestAlone(String line, String expected) {
        assertThat(CommandLine.of(line.replace('|', '\0') + "\0")).isEqualTo(expected);
    }

    @Test
    void isShortAndPrintable() {
        assertThat(CommandLine.of("")).isEmpty();
        assertThat(CommandLine.of("\0\0\0")).isEmpty();
        assertThat(CommandLine.of("a\0\0b\0")).isEqualTo("a b");
        assertThat(CommandLine.of("sh\0-c\0a\nb\tc\u001b[31m\0")).isEqualTo("sh -c a b c?[31m");
        String longLine = CommandLine.of("x".repeat(4000));
        assertThat(longLine).hasSize(CommandLine.MAX).endsWith("…");
        assertThat(CommandLine.of("java\0" + "-Dsecret=HUSH\0".repeat(400)))
                .doesNotContain("HU")
                .endsWith("…");
    }

    @Test
    void anyBytesGiveSomeLine() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String pieces = "-=:@/\"' \0\u00e9ab&;,p";
        String[] words = {
            "--password", "token=", "://", "mysql", "-p", "login", "Authorization:", "-u", "eyJ", "sha256:"
        };
        for (int i = 0; i < 50_000; i++) {
            StringBuilder line = new StringBuilder();
            for (int n = random.nextInt(12); n >= 0; n--) {
                if (random.nextInt(3) == 0) {
                    line.append(words[random.nextInt(words.length)]);
                } else {
                    line.append(pieces.charAt(random.nextInt(pieces.length())));
                }
            }
            String masked = CommandLine.of(line.toString());
            assertThat(masked.length()).as("seed %d", seed).isLessThanOrEqualTo(CommandLine.MAX);
        }
    }
}
