// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

import egret.capture.origin.Owner;
import org.jspecify.annotations.Nullable;

/**
 * What an engine calls a container, and the service it is part of.
 *
 * @param service null if its labels name none
 */
record ContainerNames(Owner.Container container, Owner.@Nullable Service service) {}
