/// Rows that commit with events: tables, keys and changes, described without SQL.
@NullMarked
package io.cairn.row;

import org.jspecify.annotations.NullMarked;
