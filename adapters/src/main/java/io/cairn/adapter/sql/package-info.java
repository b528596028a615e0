/// Logs, rows and vectors in SQL databases.
@NullMarked
package io.cairn.adapter.sql;

import org.jspecify.annotations.NullMarked;
