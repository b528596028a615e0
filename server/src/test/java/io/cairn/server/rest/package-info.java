@NullMarked
package io.cairn.server.rest;

import org.jspecify.annotations.NullMarked;
