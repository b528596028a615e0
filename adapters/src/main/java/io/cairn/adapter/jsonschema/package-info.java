/// JSON Schema by networknt's validator, with patterns that are matched in linear time.
@NullMarked
package io.cairn.adapter.jsonschema;

import org.jspecify.annotations.NullMarked;
