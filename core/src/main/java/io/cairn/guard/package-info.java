/// What stands between a caller and a service that may fail: breakers and retries, the same ones for every service.
@NullMarked
package io.cairn.guard;

import org.jspecify.annotations.NullMarked;
