/// Changing the model of the dense index while the old index answers.
@NullMarked
package io.cairn.refresh;

import org.jspecify.annotations.NullMarked;
