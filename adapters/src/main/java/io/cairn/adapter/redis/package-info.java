/// A cache of vectors on Redis, which several nodes share.
@NullMarked
package io.cairn.adapter.redis;

import org.jspecify.annotations.NullMarked;
