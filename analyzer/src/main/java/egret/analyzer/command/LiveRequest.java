// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import egret.rules.InsideNetworks;
import egret.rules.Rules;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code egret watch} was asked to capture.
 *
 * @param interfaces names, or "any"; at least one
 * @param snaplen bytes of each packet, 64 to 262,144
 * @param bufferMebibytes for packets that wait, of all interfaces together, 1 to 1,024
 * @param engine auto, ring or pcap
 * @param vantage auto, host, nat-inside, nat-outside or mirror
 * @param owner auto, off, or the one method to be used
 * @param docker path of the daemon's socket, null for the usual ones
 * @param logs of daemons that are followed, empty for those that the machine has
 * @param evidence whether logs and daemons are read at all
 * @param kernelFilter whether the kernel discards what is not needed
 * @param fast whether it also discards what only refines the counts
 * @param filter in the language of pcap, "" for none
 * @param packets after which capturing ends by itself, 0 for never
 * @param write where packets are written aside, null for nowhere
 */
record LiveRequest(
        List<String> interfaces,
        int snaplen,
        int bufferMebibytes,
        String engine,
        String vantage,
        String owner,
        @Nullable String docker,
        List<LogFile> logs,
        boolean evidence,
        boolean kernelFilter,
        boolean fast,
        String filter,
        long packets,
        @Nullable Write write,
        Rules rules,
        InsideNetworks inside) {

    /**
     * @param path as tcpdump's -w: with a number behind it once files are rotated
     * @param megabytes of 10^6 bytes after which another file is begun, 0 for never
     * @param files after which the first is written anew, 0 for never
     */
    record Write(String path, long megabytes, int files) {}
}
