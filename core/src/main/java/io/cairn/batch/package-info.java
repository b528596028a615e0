/// How work in bulk is divided.
@NullMarked
package io.cairn.batch;

import org.jspecify.annotations.NullMarked;
