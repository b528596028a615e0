/// What a program says to a Cairn server and what it hears back: blocking calls, records in and out, refusals
/// as exceptions that carry the server's problem. [Cairn] is where to begin.
@NullMarked
package io.cairn.client;

import org.jspecify.annotations.NullMarked;
