/// What a program says to a Cairn server and what it hears back.
@NullMarked
package io.cairn.client;

import org.jspecify.annotations.NullMarked;
