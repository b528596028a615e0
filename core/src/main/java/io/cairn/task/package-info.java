/// Work that is done after an event: tasks, their lanes and their schedules.
@NullMarked
package io.cairn.task;

import org.jspecify.annotations.NullMarked;
