// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

import static org.assertj.core.api.Assertions.assertThat;

import egret.rules.IpAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AddressTableTest {
    @Test
    void agreesWithAHashMap() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        AddressTable<Integer> table = new AddressTable<>();
        Map<IpAddress, Integer> model = new LinkedHashMap<>();
        for (int i = 0; i < 20_000; i++) {
            IpAddress address = random.nextBoolean()
                    ? IpAddress.ofIpv4(0x0a00_0000 + random.nextInt(8000))
                    : new IpAddress(0x2001_0db8_0000_0000L, random.nextInt(8000));
            assertThat(table.get(address)).as("seed %d", seed).isEqualTo(model.get(address));
            if (!model.containsKey(address)) {
                model.put(address, i);
                table.add(address, i);
            }
        }
        assertThat(table.size()).isEqualTo(model.size());
        int index = 0;
        for (Map.Entry<IpAddress, Integer> entry : model.entrySet()) {
            assertThat(table.address(index)).isEqualTo(entry.getKey());
            assertThat(table.value(index++)).isEqualTo(entry.getValue());
        }
    }
}
