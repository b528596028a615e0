@NullMarked
package io.cairn.testkit;

import org.jspecify.annotations.NullMarked;
