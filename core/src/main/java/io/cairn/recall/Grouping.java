package io.cairn.recall;

import io.cairn.passage.Kind;
import io.cairn.passage.PassageRef;
import java.util.Collection;

/// What hits are grouped by: only the best hit of each group is returned, so that long sources do not crowd out
/// others.
public enum Grouping {
    /// A message, which has several passages if it is very long.
    MESSAGE(Kind.MESSAGE),
    /// A session of a conversation.
    SESSION(Kind.MESSAGE),
    /// A chunk of a document: every passage by itself.
    CHUNK(Kind.DOCUMENT),
    /// The chunks of a document under one heading.
    SECTION(Kind.DOCUMENT),
    /// A document.
    DOCUMENT(Kind.DOCUMENT);

    private final Kind kind;

    Grouping(Kind kind) {
        this.kind = kind;
    }

    /// The kind of hits that it groups.
    public Kind kind() {
        return kind;
    }

    /// The group in which a passage is; a passage that none of the groupings concerns is a group by itself.
    static String of(PassageRef passage, Collection<Grouping> groupings) {
        return groupings.stream()
                .filter(grouping -> grouping.kind == passage.kind())
                .findFirst()
                .orElse(CHUNK)
                .key(passage);
    }

    private String key(PassageRef passage) {
        return switch (this) {
            case CHUNK -> passage.id();
            case MESSAGE -> joined(passage, Long.toString(passage.number()));
            case SESSION -> joined(passage, Long.toString(passage.session()));
            case SECTION -> joined(passage, String.join("\n", passage.heading()));
            case DOCUMENT -> joined(passage, "");
        };
    }

    private static String joined(PassageRef passage, String group) {
        return passage.kind() + "\n" + passage.source() + "\n" + group;
    }
}
