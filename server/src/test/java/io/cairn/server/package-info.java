@NullMarked
package io.cairn.server;

import org.jspecify.annotations.NullMarked;
