/// What all doors share: the bodies of requests and answers, the intake of documents, and what outcomes of the core are
/// as problems.
@NullMarked
package io.cairn.server.wire;

import org.jspecify.annotations.NullMarked;
