@NullMarked
package io.cairn.adapter.file;

import org.jspecify.annotations.NullMarked;
