/// Recall: one query over conversations and documents, answered with cited and explained hits.
@NullMarked
package io.cairn.recall;

import org.jspecify.annotations.NullMarked;
