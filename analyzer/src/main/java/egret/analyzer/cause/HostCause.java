// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.cause;

import egret.analyzer.answer.Culprit;
import egret.rules.IpAddress;
import java.util.List;

/**
 * What the logs of one source explain of its requests to one endpoint.
 *
 * @param log whose lines it is, as the host or the file is called
 * @param logGiven somebody said whose log it is; else it is the source whose pulls the log explains best
 * @param logConfidence 0 to 1, that the log is this source's
 * @param daemon program that asks: dockerd, containerd
 * @param pattern what kind of cause it is; NONE if the logs explain nothing
 * @param culprits services that ask at each attempt, most requests first
 * @param acquitted services that fail as well, but ask nobody
 * @param pulls on the wire
 * @param explained requests that the culprits' attempts make
 * @param lookupRequests those of lookups that failed when services were deployed
 * @param unexplained requests of the source that no log tells of
 * @param requestsPerPull on the wire
 * @param lagMillis median time from pull to failure
 * @param unpinnedAtDeploy images whose digest could not be found out when services were deployed
 * @param refused pulls that were answered 429, of {@code failedPulls}
 * @param failedPulls that the logs tell of
 * @param poller tool that looks for newer images and said so, "" if none did
 * @param said how often the log tells of what the pattern rests on, where that is no service
 * @param detail words of the first such line
 * @param line where it stands
 */
public record HostCause(
        IpAddress source,
        String endpoint,
        String log,
        boolean logGiven,
        double logConfidence,
        String daemon,
        Pattern pattern,
        List<Culprit> culprits,
        List<Culprit> acquitted,
        long pulls,
        long explained,
        long lookupRequests,
        long unexplained,
        double requestsPerPull,
        int lagMillis,
        long unpinnedAtDeploy,
        long refused,
        long failedPulls,
        String poller,
        long said,
        String detail,
        long line) {

    public HostCause {
        culprits = List.copyOf(culprits);
        acquitted = List.copyOf(acquitted);
    }
}
