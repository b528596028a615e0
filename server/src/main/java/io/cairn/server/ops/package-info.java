/// What an operator looks at: health, metrics, status.
@NullMarked
package io.cairn.server.ops;

import org.jspecify.annotations.NullMarked;
