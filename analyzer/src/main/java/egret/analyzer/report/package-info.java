// SPDX-License-Identifier: Apache-2.0
/**
 * The answer and the inspection as people and programs read them: a page of text, and JSON. On the start path of every
 * run: plain loops, no formatters, and Jackson is loaded only for JSON.
 */
@NullMarked
package egret.analyzer.report;

import org.jspecify.annotations.NullMarked;
