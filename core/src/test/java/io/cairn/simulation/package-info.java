/// The engine under a seeded scheduler that crashes, stalls and refuses it.
@NullMarked
package io.cairn.simulation;

import org.jspecify.annotations.NullMarked;
