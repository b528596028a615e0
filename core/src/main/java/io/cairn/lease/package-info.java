/// Who of several nodes looks after what: one fenced lease for everything that only one may do at a time.
@NullMarked
package io.cairn.lease;

import org.jspecify.annotations.NullMarked;
