// SPDX-License-Identifier: Apache-2.0
/**
 * Alerts: thresholds over sliding windows, fired when crossed and resolved with hysteresis.
 */
@NullMarked
package egret.analyzer.alert;

import org.jspecify.annotations.NullMarked;
