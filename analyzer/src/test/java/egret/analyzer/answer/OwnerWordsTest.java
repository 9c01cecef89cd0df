// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.answer;

import static org.assertj.core.api.Assertions.assertThat;

import egret.analyzer.OwnerSamples;
import egret.capture.origin.Owner;
import egret.capture.origin.Owner.Container;
import egret.capture.origin.Owner.OwnerProcess;
import egret.capture.origin.Owner.Service;
import egret.capture.origin.Quality;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OwnerWordsTest {
    private static Owner owner(@Nullable String executable, @Nullable Container container, @Nullable Service service) {
        OwnerProcess process = executable == null ? null : new OwnerProcess(7, 0, executable, "", -1, "", List.of());
        return new Owner(9, process, 1, container, service, Quality.EXACT, "tracefs");
    }

    @Test
    void isBriefInATable() {
        assertThat(OwnerWords.brief(OwnerSamples.dockerd())).isEqualTo("dockerd[812]");
        assertThat(OwnerWords.brief(OwnerSamples.compose())).isEqualTo("web/nginx (compose)");
        assertThat(OwnerWords.brief(OwnerSamples.many(2, "/usr/bin/curl", 812))).isEqualTo("curl ×812");
        assertThat(OwnerWords.brief(owner("[curl]", null, null))).isEqualTo("curl[7]");
        assertThat(OwnerWords.brief(owner(null, new Container("0123456789abcdef", "", "", "containerd"), null)))
                .isEqualTo("0123456789ab (containerd)");
        assertThat(OwnerWords.brief(owner(null, null, new Service("systemd", "", "cron.service"))))
                .isEqualTo("cron.service");
        assertThat(OwnerWords.brief(Owner.UNKNOWN)).isEqualTo("unknown");
    }

    @Test
    void saysAllThatIsKnownInASentence() {
        assertThat(OwnerWords.full(OwnerSamples.dockerd())).isEqualTo("dockerd (pid 812)");
        assertThat(OwnerWords.full(OwnerSamples.compose()))
                .isEqualTo("nginx (pid 4711) in container web-nginx-1 of compose service web/nginx");
        assertThat(OwnerWords.full(owner("/usr/bin/python3", null, new Service("systemd", "", "poll.service"))))
                .isEqualTo("python3 (pid 7) of poll.service");
        assertThat(OwnerWords.full(owner(null, null, new Service("swarm", "shop", "shop_web"))))
                .isEqualTo("swarm service shop/shop_web");
        assertThat(OwnerWords.full(owner("/app/sync", null, new Service("kubernetes", "prod", "sync-7d9f"))))
                .isEqualTo("sync (pid 7) of pod prod/sync-7d9f");
        assertThat(OwnerWords.full(Owner.UNKNOWN)).isEqualTo("an unknown process");
    }
}
