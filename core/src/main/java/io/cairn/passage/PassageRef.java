package io.cairn.passage;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What an index remembers of a passage: enough to rank it among its neighbours and to look its text up.
///
/// @param source the id of the conversation or document
/// @param number the message's sequence, or the document's version
/// @param part which stretch of the message or document, from 0
/// @param start in code points of the message's content or the document's text
/// @param end exclusive
/// @param speaker of a message
/// @param session the sequence of the first message of the session; 0 for documents
/// @param at microseconds since 1970, if the passage has a time
/// @param language by whose rules it was indexed
/// @param heading path of a document's stretch
/// @param parts how many stretches the message or document has; 0 if an index of a former release does not know
public record PassageRef(
        Kind kind,
        String source,
        long number,
        int part,
        int start,
        int end,
        @Nullable String speaker,
        long session,
        @Nullable Long at,
        String language,
        List<String> heading,
        int parts) {
    public PassageRef {
        heading = List.copyOf(heading);
    }

    /// The same for the same stretch in every index and every rebuild.
    public String id() {
        return id(number, part);
    }

    /// The id of the message after this one, or of its first stretch.
    public String next() {
        return id(number + 1, 0);
    }

    /// The source that it is of.
    public SourceId sourceId() {
        return new SourceId(kind, source);
    }

    /// What stands there in the source's text; nothing in another, shorter text.
    public Optional<String> in(String text) {
        return text.codePointCount(0, text.length()) < end
                ? Optional.empty()
                : Optional.of(text.substring(text.offsetByCodePoints(0, start), text.offsetByCodePoints(0, end)));
    }

    private String id(long ofNumber, int ofPart) {
        return prefix(sourceId(), ofNumber) + ofPart;
    }

    /// With what the ids of all passages of a source begin, or of one number of it.
    static String prefix(SourceId source, @Nullable Long number) {
        var ofAll = source.kind().letter() + "/" + source.id() + "/";
        return number == null ? ofAll : ofAll + number + "/";
    }
}
