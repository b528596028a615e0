/// Shows in a minute, on a folder that is thrown away, what Cairn does.
@NullMarked
package io.cairn.server.demo;

import org.jspecify.annotations.NullMarked;
