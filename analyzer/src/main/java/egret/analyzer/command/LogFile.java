// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import egret.rules.IpAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A log of a daemon.
 *
 * @param source whose log it is, null if that is to be found out
 */
record LogFile(String path, @Nullable IpAddress source) {
    /** Of words {@code FILE} or {@code ADDRESS=FILE}. */
    static List<LogFile> of(List<String> words) {
        List<LogFile> logs = new ArrayList<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            IpAddress source = equals > 0 ? IpAddress.parse(word.substring(0, equals)) : null;
            logs.add(new LogFile(source == null ? word : word.substring(equals + 1), source));
        }
        return List.copyOf(logs);
    }
}
