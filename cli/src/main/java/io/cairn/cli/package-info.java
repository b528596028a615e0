/// The command line: what a person or a script says to a Cairn server. Results go to stdout, everything else
/// to stderr.
@NullMarked
package io.cairn.cli;

import org.jspecify.annotations.NullMarked;
