/// Texts as vectors: the embedding model, the store that remembers what it said, and the use case in front of both.
@NullMarked
package io.cairn.model;

import org.jspecify.annotations.NullMarked;
