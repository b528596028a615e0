/// Secrets that AWS keeps.
@NullMarked
package io.cairn.adapter.aws;

import org.jspecify.annotations.NullMarked;
