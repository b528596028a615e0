/// Documents: how bytes become text, in which language it is written, and into which chunks it is divided.
@NullMarked
package io.cairn.knowledge;

import org.jspecify.annotations.NullMarked;
