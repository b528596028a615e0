/// The REST door: each route speaks in the records of `io.cairn.client.wire` and asks the core.
@NullMarked
package io.cairn.server.rest;

import org.jspecify.annotations.NullMarked;
