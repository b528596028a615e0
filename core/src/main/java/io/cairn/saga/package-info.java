/// Sagas: work of several steps over what no one transaction spans, which is completed or undone.
@NullMarked
package io.cairn.saga;

import org.jspecify.annotations.NullMarked;
