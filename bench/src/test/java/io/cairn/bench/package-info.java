/// What the measurements rest on, and a gate for the quality of recall.
@NullMarked
package io.cairn.bench;

import org.jspecify.annotations.NullMarked;
