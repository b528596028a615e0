/// Webhooks on their way to other servers.
@NullMarked
package io.cairn.adapter.http;

import org.jspecify.annotations.NullMarked;
