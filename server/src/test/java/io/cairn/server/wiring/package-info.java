@NullMarked
package io.cairn.server.wiring;

import org.jspecify.annotations.NullMarked;
