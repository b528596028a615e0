/// Text in any language: which one it is, its sentences, and the chunks into which a long one is divided.
@NullMarked
package io.cairn.text;

import org.jspecify.annotations.NullMarked;
