/// Aggregates: things whose events decide what may happen to them next.
@NullMarked
package io.cairn.aggregate;

import org.jspecify.annotations.NullMarked;
