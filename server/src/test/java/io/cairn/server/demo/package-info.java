@NullMarked
package io.cairn.server.demo;

import org.jspecify.annotations.NullMarked;
