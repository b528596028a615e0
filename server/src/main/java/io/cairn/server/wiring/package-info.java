/// Where ports meet their adapters: the only place that sees both, and that binds settings.
@NullMarked
package io.cairn.server.wiring;

import org.jspecify.annotations.NullMarked;
