/// Conversations: messages that people and agents exchanged, in order and kept word for word.
@NullMarked
package io.cairn.memory;

import org.jspecify.annotations.NullMarked;
