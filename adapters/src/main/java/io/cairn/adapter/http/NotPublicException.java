package io.cairn.adapter.http;

import java.net.UnknownHostException;

/// A host has an address to which nothing may be sent.
final class NotPublicException extends UnknownHostException {
    private static final long serialVersionUID = 1;

    NotPublicException(String why) {
        super(why);
    }
}
