// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import egret.rules.InsideNetworks;
import egret.rules.Rules;
import java.util.List;

/**
 * What {@code egret analyze} was asked.
 *
 * @param files paths, "-" for standard input
 * @param threads that may be used, ≥ 1
 */
record AnalyzeRequest(List<String> files, Rules rules, InsideNetworks inside, int threads) {}
