// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

import egret.analyzer.answer.Answer.OwnerCount;
import egret.analyzer.answer.Answer.Source;
import egret.analyzer.watch.Beat.Part;
import egret.capture.origin.Owner;
import egret.rules.IpAddress;
import java.util.HashMap;
import java.util.Map;

/** Who is behind each source of one endpoint: of the last seconds, else of all the time. */
final class SourceOwners {
    private final Map<IpAddress, Map<Integer, Long>> requests = new HashMap<>();
    private final Map<Integer, Owner> owners = new HashMap<>();

    SourceOwners(Moment moment, String endpoint) {
        for (Beat beat : moment.beats()) {
            for (Part part : beat.parts()) {
                if (part.endpoint().equals(endpoint)) {
                    owners.put(part.owner().id(), part.owner());
                    requests.computeIfAbsent(part.source(), ip -> new HashMap<>())
                            .merge(part.owner().id(), part.requests() + part.connections() + part.failed(), Long::sum);
                }
            }
        }
    }

    /** The owner with the most requests; {@link Owner#UNKNOWN} if nothing is known of any. */
    private Owner first(Source source) {
        int most = 0;
        long mostRequests = -1;
        for (Map.Entry<Integer, Long> entry :
                requests.getOrDefault(source.ip(), Map.of()).entrySet()) {
            if (entry.getValue() > mostRequests) {
                most = entry.getKey();
                mostRequests = entry.getValue();
            }
        }
        if (most == 0 && !source.owners().isEmpty() && source.owners().get(0).owner() != null) {
            return source.owners().get(0).owner();
        }
        return owners.getOrDefault(most, Owner.UNKNOWN);
    }

    /** The first one in short, and how many more there are; "" where nobody could know. */
    String brief(Source source) {
        if (source.owners().isEmpty()) {
            return "";
        }
        long more = -1;
        for (OwnerCount count : source.owners()) {
            more += count.owners();
        }
        return OwnerText.brief(first(source)) + (more > 0 ? " +" + more : "");
    }
}
