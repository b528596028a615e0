/// The whole log leaves and arrives: export and import as lines, copies into another store, and the check that nothing
/// was changed or lost.
@NullMarked
package io.cairn.archive;

import org.jspecify.annotations.NullMarked;
