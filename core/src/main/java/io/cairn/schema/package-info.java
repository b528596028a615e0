/// What payloads look like: JSON Schemas by type and version, and the upcasters from each version to the next.
@NullMarked
package io.cairn.schema;

import org.jspecify.annotations.NullMarked;
