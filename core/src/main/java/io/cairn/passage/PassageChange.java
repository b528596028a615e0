package io.cairn.passage;

import io.cairn.tenant.Tenant;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

    /// Removes all passages of a conversation or document, or those of one message.
    ///
    /// @param number the message's; null for all
    record Remove(Tenant tenant, SourceId source, @Nullable Long number) implements PassageChange {
        public Remove(Tenant tenant, SourceId source) {
            this(tenant, source, null);
        }

        /// With what the ids of the passages begin, and of that source only theirs do.
        public String prefix() {
            return PassageRef.prefix(source, number);
        }

        boolean removes(Passage passage) {
            return passage.tenant().equals(tenant)
                    && passage.ref().sourceId().equals(source)
                    && (number == null || number == passage.ref().number());
        }

        @Override
        public List<Passage> passages() {
            return List.of();
        }
    }
}
