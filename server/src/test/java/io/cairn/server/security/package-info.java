@NullMarked
package io.cairn.server.security;

import org.jspecify.annotations.NullMarked;
