// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.attribution;

import egret.analyzer.answer.Answer.Input;
import egret.analyzer.answer.Answer.Source;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What everybody can look up: the first packets, and the order of those involved. */
final class Proof {
    private Proof() {}

    /** Who left its own level first, if there are several. */
    static void addOrder(List<Source> leaders, List<String> evidence) {
        List<Source> offenders = new ArrayList<>();
        for (int i = 0; i < leaders.size(); i++) {
            if (leaders.get(i).onsetNanos() != null) {
                offenders.add(leaders.get(i));
            }
        }
        if (offenders.size() < 2) {
            return;
        }
        offenders.sort(new EarliestFirst());
        StringBuilder text = new StringBuilder("In the order in which they left their own level:");
        for (int i = 0; i < offenders.size(); i++) {
            Source source = offenders.get(i);
            Long onset = source.onsetNanos();
            text.append(i == 0 ? " " : ", ").append(source.ip());
            text.append(
                    source.onsetAtStart()
                            ? " from the capture's start"
                            : " at " + Phrases.time(onset == null ? 0 : onset));
        }
        evidence.add(text.append('.').toString());
    }

    /** Where to look at it in the captures. */
    static void addPackets(Input input, Source source, List<String> evidence) {
        if (source.packets().isEmpty() || input.live()) {
            return;
        }
        StringBuilder text = new StringBuilder("Its first ClientHellos are packets");
        int last = -1;
        for (int i = 0; i < source.packets().size(); i++) {
            int file = source.packets().get(i).file();
            text.append(i == 0 ? " " : ", ");
            if (file != last) {
                text.append(
                        file < input.files().size()
                                ? Phrases.fileName(input.files().get(file).path())
                                : "file " + file);
            }
            text.append(':').append(source.packets().get(i).number());
            last = file;
        }
        evidence.add(text.append('.').toString());
    }

    /** By onset. */
    private static final class EarliestFirst implements Comparator<Source> {
        @Override
        public int compare(Source one, Source other) {
            return Long.compare(nanos(one), nanos(other));
        }

        private static long nanos(Source source) {
            @Nullable Long onset = source.onsetNanos();
            return onset == null ? Long.MAX_VALUE : onset;
        }
    }
}
