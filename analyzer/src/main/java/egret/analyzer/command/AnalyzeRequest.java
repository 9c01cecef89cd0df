// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import egret.analyzer.answer.PullLimit;
import egret.rules.InsideNetworks;
import egret.rules.Rules;
import java.util.List;

/**
 * What {@code egret analyze} was asked.
 *
 * @param files paths, "-" for standard input
 * @param threads that may be used, ≥ 1
 * @param logs of daemons, as evidence
 * @param pullLimits what registries said when they were asked
 */
record AnalyzeRequest(
        List<String> files,
        Rules rules,
        InsideNetworks inside,
        int threads,
        List<LogFile> logs,
        List<PullLimit> pullLimits) {
    AnalyzeRequest(List<String> files, Rules rules, InsideNetworks inside, int threads) {
        this(files, rules, inside, threads, List.of(), List.of());
    }
}
