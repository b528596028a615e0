@NullMarked
package io.cairn.client.wire;

import org.jspecify.annotations.NullMarked;
