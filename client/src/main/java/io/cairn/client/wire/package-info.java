/// The records that travel between a Cairn server and those who call it; both sides compile against these.
///
/// They only grow, at their end, by optional components. What a caller may get wrong is not checked here, so
/// that the server can answer it with a problem that names the field: until it has looked, any component of a
/// request may be null. Absent lists and maps read as empty ones.
@NullMarked
package io.cairn.client.wire;

import org.jspecify.annotations.NullMarked;
