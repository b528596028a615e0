@NullMarked
package io.cairn.server.http;

import org.jspecify.annotations.NullMarked;
