/// The door at which Cairn answers as OpenAI does, so that any client of OpenAI's can use the models behind it.
@NullMarked
package io.cairn.server.openai;

import org.jspecify.annotations.NullMarked;
