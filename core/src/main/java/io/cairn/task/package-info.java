/// Durable tasks: work that is enqueued in the unit of work it follows from, and is done once in effect.
@NullMarked
package io.cairn.task;

import org.jspecify.annotations.NullMarked;
