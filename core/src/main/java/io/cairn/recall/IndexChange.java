package io.cairn.recall;

import io.cairn.tenant.Tenant;
import java.util.List;

/// What an event changes in an index; repeating a change changes nothing more.
public sealed interface IndexChange {
    /// The units that it adds.
    List<IndexUnit> units();

    /// Adds units, each in place of one with its id.
    record Put(List<IndexUnit> units) implements IndexChange {
        public Put {
            units = List.copyOf(units);
        }
    }

    /// Removes all units of a conversation or document.
    record Remove(Tenant tenant, Kind kind, String source) implements IndexChange {
        @Override
        public List<IndexUnit> units() {
            return List.of();
        }
    }
}
