/// The real process, killed and starved.
@NullMarked
package io.cairn.server.fault;

import org.jspecify.annotations.NullMarked;
