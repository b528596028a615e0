@NullMarked
package io.cairn.server.ops;

import org.jspecify.annotations.NullMarked;
