// SPDX-License-Identifier: Apache-2.0
/**
 * What is watched: endpoints with their names and limits, thresholds, and the client fingerprints, read from YAML.
 */
@NullMarked
package egret.rules;

import org.jspecify.annotations.NullMarked;
