/// The server: its commands, and what turns a failed start into one sentence.
@NullMarked
package io.cairn.server;

import org.jspecify.annotations.NullMarked;
