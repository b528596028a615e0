package io.cairn.adapter.provider;

import java.net.URI;
import java.util.Map;

/// Where a provider is, and how it is spoken to.
///
/// @param name under which it stands in messages and metrics
/// @param base URL to which the paths are added
/// @param auth how the key is sent
/// @param headers on every request
public record Provider(String name, URI base, ProviderKey key, Auth auth, Map<String, String> headers) {
    /// The header in which the key goes.
    public enum Auth {
        /// `Authorization: Bearer`, as most want it.
        BEARER,
        /// `api-key`, as Azure wants it.
        API_KEY,
        /// `x-api-key`, as Anthropic wants it.
        X_API_KEY
    }

    public Provider {
        headers = Map.copyOf(headers);
        var scheme = String.valueOf(base.getScheme());
        if (!scheme.equals("http") && !scheme.equals("https") || base.getHost() == null) {
            throw new IllegalArgumentException(
                    "The URL of provider '%s' begins with http:// or https:// and a host; found '%s'"
                            .formatted(name, base));
        }
    }

    /// The URL of a path, with the base's query at its end, which Azure wants.
    URI at(String path) {
        var text = base.toString();
        int question = text.indexOf('?');
        var start = question < 0 ? text : text.substring(0, question);
        var query = question < 0 ? "" : text.substring(question);
        return URI.create((start.endsWith("/") ? start.substring(0, start.length() - 1) : start) + path + query);
    }

    /// Headers may hold secrets.
    @Override
    public String toString() {
        return "provider '%s'".formatted(name);
    }
}
