package io.cairn.passage;

import io.cairn.tenant.Tenant;
import java.util.List;

/// What an event changes in an index; repeating a change changes nothing more.
public sealed interface PassageChange {
    /// The passages that it adds.
    List<Passage> passages();

    /// Adds passages, each in place of one with its id.
    record Put(List<Passage> passages) implements PassageChange {
        public Put {
            passages = List.copyOf(passages);
        }
    }

    /// Removes all passages of a conversation or document.
    record Remove(Tenant tenant, SourceId source) implements PassageChange {
        @Override
        public List<Passage> passages() {
            return List.of();
        }
    }
}
