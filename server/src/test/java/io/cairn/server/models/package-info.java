@NullMarked
package io.cairn.server.models;

import org.jspecify.annotations.NullMarked;
