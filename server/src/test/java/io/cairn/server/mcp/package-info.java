@NullMarked
package io.cairn.server.mcp;

import org.jspecify.annotations.NullMarked;
