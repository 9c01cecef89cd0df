// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.attribution;

import egret.analyzer.answer.Answer.Limit;
import egret.analyzer.answer.Answer.Source;
import egret.analyzer.answer.Answer.Watched;
import egret.analyzer.answer.Answer.WhatIf;
import egret.analyzer.answer.Culprit;
import egret.analyzer.cause.HostCause;
import java.util.ArrayList;
import java.util.List;

/** What would be left of a burst without some of those who make it. */
final class Relief {
    private final Watched watched;
    private final long perMinute;
    private final boolean exact;

    /** @param perMinute at the busiest egress address */
    Relief(Watched watched, long perMinute, boolean exact) {
        this.watched = watched;
        this.perMinute = perMinute;
        this.exact = exact;
    }

    /** Who has to stop so that the limit is kept, largest first. */
    WhatIf whatIf(Source source, HostCause cause) {
        Limit limit = watched.limit();
        List<String> stop = new ArrayList<>();
        long peak = source.peak().perMinute();
        double rest = perMinute;
        double all = perMinute;
        for (int i = 0; i < cause.culprits().size(); i++) {
            Culprit culprit = cause.culprits().get(i);
            double part = culprit.share() * peak;
            all -= part;
            if (limit == null || rest >= limit.perMinute()) {
                rest -= part;
                stop.add(culprit.shown());
            }
        }
        boolean enough = limit == null || rest < limit.perMinute();
        return new WhatIf(List.copyOf(stop), Math.max(0, Math.round(rest)), Math.max(0, Math.round(all)), enough);
    }

    /** In words. */
    String without(Source source, HostCause cause) {
        WhatIf whatIf = whatIf(source, cause);
        Limit limit = watched.limit();
        StringBuilder text = new StringBuilder(" Without ");
        text.append(cause.culprits().size() == 1 ? "it" : "these");
        if (whatIf.withoutAllPerMinute() == 0) {
            text.append(" nothing is left.");
        } else {
            text.append(" you would be at ").append(exact ? "" : "about ");
            text.append(Phrases.number(whatIf.withoutAllPerMinute())).append("/min.");
        }
        int few = whatIf.stop().size();
        if (limit != null && perMinute >= limit.perMinute()) {
            if (!whatIf.enough()) {
                text.append(" That is not enough: others have to stop too.");
            } else if (few < cause.culprits().size()) {
                text.append(" To get below the limit it is enough to stop the first ")
                        .append(few)
                        .append(" of them.");
            }
        }
        return text.toString();
    }

    /** Without one source, of whom no service is known. */
    String remaining(Source source) {
        if (watched.sources().size() == 1) {
            return " No other source was seen.";
        }
        Limit limit = watched.limit();
        long rest = Math.max(0, perMinute - source.peak().perMinute());
        String share =
                limit == null ? "" : " (" + Phrases.percent((double) rest / limit.perMinute()) + " of the limit)";
        return " Without " + source.ip() + " about " + Phrases.number(rest) + " requests/min remain" + share + ".";
    }
}
