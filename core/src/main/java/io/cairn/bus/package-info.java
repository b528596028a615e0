/// Who is told of events: handlers in the process, durable subscriptions, and other servers by webhooks.
@NullMarked
package io.cairn.bus;

import org.jspecify.annotations.NullMarked;
