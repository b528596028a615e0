/// The event log: units of work go in, gapless positions come out, and nothing else holds truth.
@NullMarked
package io.cairn.event;

import org.jspecify.annotations.NullMarked;
