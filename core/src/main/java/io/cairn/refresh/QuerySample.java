package io.cairn.refresh;

import io.cairn.recall.DenseIndex;
import io.cairn.recall.DenseWatch;
import io.cairn.recall.Filters;
import io.cairn.tenant.Tenant;
import java.util.LinkedHashSet;
import java.util.List;

/// The last queries that were asked on this node, each once, to compare two indexes by. They are kept in memory only
/// and told to nobody.
public final class QuerySample implements DenseWatch {
    /// A query, and whose it was.
    record Asked(Tenant tenant, String text, Filters filters) {}

    private final int max;
    private final LinkedHashSet<Asked> asked = new LinkedHashSet<>();

    /// @param max that are kept; 0 for none
    public QuerySample(int max) {
        this.max = max;
    }

    @Override
    public void searched(DenseIndex index, Tenant tenant, String query, float[] vector, Filters filters) {
        if (max == 0 || tenant.equals(Tenant.CAIRN)) {
            return;
        }
        synchronized (asked) {
            asked.addLast(new Asked(tenant, query, filters));
            if (asked.size() > max) {
                asked.removeFirst();
            }
        }
    }

    List<Asked> all() {
        synchronized (asked) {
            return List.copyOf(asked);
        }
    }
}
