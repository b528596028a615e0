/// What stands between a caller and a service that may fail, breakers and retries, and the loop of threads that go on
/// when a turn failed: the same ones for everything.
@NullMarked
package io.cairn.guard;

import org.jspecify.annotations.NullMarked;
