/// What each feature brings to a Cairn, said in one place, so that nothing of it is missed by what goes over all of
/// them.
@NullMarked
package io.cairn.feature;

import org.jspecify.annotations.NullMarked;
