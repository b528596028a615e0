package io.cairn.adapter.tika;

import io.cairn.knowledge.Extraction.Refused;
import org.apache.tika.exception.TikaException;

/// Carries a refusal out of a parse.
final class Unreadable extends TikaException {
    private static final long serialVersionUID = 1L;

    private final transient Refused refusal;

    Unreadable(Refused refusal) {
        super(refusal.detail());
        this.refusal = refusal;
    }

    Refused refusal() {
        return refusal;
    }
}
