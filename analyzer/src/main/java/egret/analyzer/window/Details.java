// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

import egret.analyzer.answer.Answer.Client;
import egret.analyzer.answer.Answer.OwnerCount;
import egret.analyzer.answer.Answer.PacketReference;
import egret.analyzer.answer.Answer.Percentiles;
import egret.capture.count.RequestCount;
import egret.rules.IpAddress;
import java.util.List;
import java.util.Map;

/** What an answer tells of a source that only changes when the source does something: most do nothing in most seconds. */
record Details(
        List<IpAddress> egress,
        RequestCount requests,
        Map<String, Long> serverNames,
        Percentiles perSecond,
        Percentiles gapMicros,
        Percentiles handshakeMicros,
        List<Client> clients,
        List<OwnerCount> owners,
        List<PacketReference> packets) {}
