/// Cairn for tests: all of it in memory, under a clock that the test sets, and nothing runs unless the test says so.
@NullMarked
package io.cairn.testkit;

import org.jspecify.annotations.NullMarked;
