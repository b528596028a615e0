/// Passages: the stretches of text that are indexed and cited, and the sources that they come from.
@NullMarked
package io.cairn.passage;

import org.jspecify.annotations.NullMarked;
