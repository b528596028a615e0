/// Payloads sealed under a key per subject, and the keys themselves.
@NullMarked
package io.cairn.seal;

import org.jspecify.annotations.NullMarked;
