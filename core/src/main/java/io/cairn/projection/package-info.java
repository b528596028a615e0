/// Read models that follow the log: generations, checkpoints, health, and keys that were parked.
@NullMarked
package io.cairn.projection;

import org.jspecify.annotations.NullMarked;
