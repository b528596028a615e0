/// The door for language models: MCP over Streamable HTTP, whose tools ask the core for a request's tenant.
@NullMarked
package io.cairn.server.mcp;

import org.jspecify.annotations.NullMarked;
