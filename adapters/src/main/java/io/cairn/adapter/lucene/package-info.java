/// Indexes of words and of vectors, on Lucene.
@NullMarked
package io.cairn.adapter.lucene;

import org.jspecify.annotations.NullMarked;
