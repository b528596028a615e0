/// Measurements: side by side with peers and raw libraries in the same run, and how well recall finds.
@NullMarked
package io.cairn.bench;

import org.jspecify.annotations.NullMarked;
