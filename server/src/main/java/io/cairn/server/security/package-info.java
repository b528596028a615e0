/// Who may come in: keys, tenants and scopes, hosts and origins, and the headers on every answer.
@NullMarked
package io.cairn.server.security;

import org.jspecify.annotations.NullMarked;
