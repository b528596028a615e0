/// The data folder: its lock, its keys, and the anchor that tells where the log ended.
@NullMarked
package io.cairn.adapter.file;

import org.jspecify.annotations.NullMarked;
