/// Who owns what: every port takes a tenant or a context that names one.
@NullMarked
package io.cairn.tenant;

import org.jspecify.annotations.NullMarked;
