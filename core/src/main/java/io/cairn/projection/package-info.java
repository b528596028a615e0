/// Projections: read models that follow the log, as rows in its database or as indexes with durability of their
/// own, in generations that can be built anew.
@NullMarked
package io.cairn.projection;

import org.jspecify.annotations.NullMarked;
