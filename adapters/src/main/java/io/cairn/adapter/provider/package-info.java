/// Models of providers that are asked over HTTP: embeddings and chat, in the three dialects that are spoken.
@NullMarked
package io.cairn.adapter.provider;

import org.jspecify.annotations.NullMarked;
