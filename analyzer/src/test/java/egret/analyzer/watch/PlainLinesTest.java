// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

import static org.assertj.core.api.Assertions.assertThat;

import egret.analyzer.Intervals;
import egret.analyzer.answer.Answer.Alert;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlainLinesTest {
    @Test
    void tellsRateLimitAndWho() {
        List<String> lines = new PlainLines().lines(Moments.incident());

        assertThat(lines.get(lines.size() - 2))
                .isEqualTo("12:28:20 docker-hub 5,241 in 60 s, pace 5,220/min, 209.6 % of 2,500; 10.0.1.11 97.7 %"
                        + " shop/web (swarm) +1");
        assertThat(lines.get(lines.size() - 1))
                .isEqualTo("12:28:20 ghcr 60 in 60 s, pace 60/min; 10.0.1.12 100.0 % ~runner-7 (docker)");
    }

    @Test
    void tellsEachAlertOnceWithTheProcess() {
        PlainLines lines = new PlainLines();
        Moment moment = Moments.incident();

        assertThat(lines.lines(moment))
                .anyMatch(line -> line.contains(" ALERT critical docker-hub-limit: 203.0.113.5 to docker-hub, ")
                        && line.contains("threshold 2,500; most from 10.0.1.11 (")
                        && line.contains(", shop/web (swarm))"));
        assertThat(lines.lines(moment)).isEmpty();
    }

    @Test
    void saysOnceThatSourcesCannotBeToldApart() {
        PlainLines lines = new PlainLines();
        Status hidden = Moments.status("eth0", 0, "eth0 is the outside; Egret cannot see the inside");

        assertThat(lines.lines(Moments.of(new Intervals(), 0, 1, hidden)))
                .containsExactly("12:26:41 NOTE eth0 is the outside; Egret cannot see the inside", "12:26:41 quiet");
        assertThat(lines.lines(Moments.of(new Intervals(), 0, 61, hidden))).containsExactly("12:27:41 quiet");
    }

    @Test
    void saysOnceAMinuteThatItIsQuiet() {
        PlainLines lines = new PlainLines();
        int said = 0;
        for (int second = 1; second <= 125; second++) {
            said += lines.lines(Moments.of(new Intervals(), 0, second, Moments.status("eth0", 3)))
                    .size();
        }
        assertThat(said).isEqualTo(3);
        assertThat(lines.lines(Moments.of(new Intervals(), 0, 300, Moments.status("eth0", 3))))
                .containsExactly("12:31:40 quiet; 3 packets dropped");
    }

    @Test
    void hostileNamesAreHarmless() {
        assertThat(new PlainLines().lines(Moments.hostile()))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).doesNotContainPattern("[\\x00-\\x1f\\x7f-\\x9f\u202e]"));
    }

    @Test
    void newsAreWhatFiredAndWhatIsOver() {
        Alert firing = new Alert("r", "docker-hub", "warning", true, "g", 1, null, 5, 4, 60, List.of());
        Alert over = new Alert("r", "docker-hub", "warning", false, "g", 1, 9L, 5, 4, 60, List.of());
        Alert again = new Alert("r", "docker-hub", "warning", true, "g", 20, null, 5, 4, 60, List.of());
        AlertNews news = new AlertNews();

        assertThat(news.since(List.of())).isEmpty();
        assertThat(news.since(List.of(firing))).containsExactly(firing);
        assertThat(news.since(List.of(firing))).isEmpty();
        assertThat(news.since(List.of(over, again))).containsExactly(over, again);
        assertThat(news.since(List.of(over, again))).isEmpty();
    }
}
