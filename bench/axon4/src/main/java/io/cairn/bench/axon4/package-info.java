/// Axon Framework 4 as a peer, loaded beside its successor and known there by types of the JDK alone.
@NullMarked
package io.cairn.bench.axon4;

import org.jspecify.annotations.NullMarked;
