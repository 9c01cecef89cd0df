// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.origin.Owner;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ContainerJsonTest {
    private static final String ID = "3c".repeat(32);

    /** As Docker 20.10 writes them, shortened. */
    private static final String EVENT = "{\"status\":\"start\",\"id\":\"" + ID
            + "\",\"from\":\"acme/app:1\",\"Type\":\"container\",\"Action\":\"start\",\"Actor\":{\"ID\":\"" + ID
            + "\",\"Attributes\":{\"com.docker.swarm.node.id\":\"n\",\"com.docker.swarm.service.name\":\"shop_web\","
            + "\"com.docker.stack.namespace\":\"shop\",\"image\":\"acme/app:1\",\"name\":\"shop_web.1.abc\"}},"
            + "\"scope\":\"local\",\"time\":1700000000,\"timeNano\":1700000000123456789}";

    private static final String FILE = "{\"StreamConfig\":{},\"State\":{\"Running\":true,\"Pid\":77},\"ID\":\"" + ID
            + "\",\"Config\":{\"Hostname\":\"h\",\"Env\":[\"A=b\"],\"Image\":\"acme/app:1\",\"Labels\":{"
            + "\"com.docker.compose.project\":\"shop\",\"com.docker.compose.service\":\"web\"}},"
            + "\"Image\":\"sha256:00\",\"Name\":\"/shop-web-1\",\"Driver\":\"overlay2\"}";

    private static ContainerJson.Event event(byte[] text) throws IOException {
        return ContainerJson.event(text, text.length, "docker");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void readsAnEvent() throws Exception {
        ContainerJson.Event event = event(bytes(EVENT));
        assertThat(event.ended()).isFalse();
        assertThat(event.names())
                .isEqualTo(new ContainerNames(
                        new Owner.Container(ID, "shop_web.1.abc", "acme/app:1", "docker"),
                        new Owner.Service("swarm", "shop", "shop_web")));
        assertThat(event(bytes(EVENT.replace("\"Action\":\"start\"", "\"Action\":\"die\"")))
                        .ended())
                .isTrue();
        assertThat(event(bytes(EVENT.replace("\"Type\":\"container\"", "\"Type\":\"image\""))))
                .isNull();
    }

    @Test
    void readsDockersOwnFile() throws Exception {
        assertThat(ContainerJson.container(new ByteArrayInputStream(bytes(FILE)), "docker"))
                .isEqualTo(new ContainerNames(
                        new Owner.Container(ID, "shop-web-1", "acme/app:1", "docker"),
                        new Owner.Service("compose", "shop", "web")));
    }

    @Test
    void whatIsCutOffOrChangedIsRefusedOrRead() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[][] good = {bytes(EVENT), bytes(FILE), bytes("[" + FILE + "," + FILE + "]")};
        for (int i = 0; i < 20_000; i++) {
            byte[] bad = good[random.nextInt(good.length)].clone();
            if (random.nextBoolean()) {
                bad = Arrays.copyOf(bad, random.nextInt(bad.length));
            }
            for (int n = random.nextInt(4); n > 0 && bad.length > 0; n--) {
                bad[random.nextInt(bad.length)] =
                        (byte) (random.nextBoolean() ? "{}[]\",:\\".charAt(random.nextInt(8)) : random.nextInt());
            }
            try {
                switch (random.nextInt(3)) {
                    case 0 -> event(bad);
                    case 1 -> ContainerJson.container(new ByteArrayInputStream(bad), "docker");
                    default -> ContainerJson.list(new ByteArrayInputStream(bad), "docker");
                }
            } catch (IOException ignored) {
                // Refused.
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", input " + Arrays.toString(bad), e);
            }
        }
    }
}
