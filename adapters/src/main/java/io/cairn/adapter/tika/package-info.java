/// Files become text: plain text and Markdown here, everything else in a child process that may die of it.
@NullMarked
package io.cairn.adapter.tika;

import org.jspecify.annotations.NullMarked;
