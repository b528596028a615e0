/// What every HTTP door shares: correlation, limits, reading of bodies and parameters, and problems in one form.
@NullMarked
package io.cairn.server.http;

import org.jspecify.annotations.NullMarked;
