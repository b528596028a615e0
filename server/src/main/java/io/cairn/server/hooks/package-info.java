/// The door through which other servers' webhooks come in.
@NullMarked
package io.cairn.server.hooks;

import org.jspecify.annotations.NullMarked;
