/// Documents: how bytes become text, what there is of them, and their chunks as passages.
@NullMarked
package io.cairn.knowledge;

import org.jspecify.annotations.NullMarked;
