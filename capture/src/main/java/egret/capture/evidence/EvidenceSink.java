// SPDX-License-Identifier: Apache-2.0
package egret.capture.evidence;

/** Takes evidence, about in the order of time. */
@FunctionalInterface
public interface EvidenceSink {
    void evidence(Evidence evidence);
}
