package io.cairn.adapter.sql;

import io.cairn.model.EmbeddingSpace;
import io.cairn.model.VectorStore.Held;
import io.cairn.tenant.Tenant;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/// A condition on the table of shelves. A shelf holds the vectors of one tenant in one space; the table is the same
/// in both databases.
record Shelves(String condition, List<Object> values) {
    Shelves {
        values = List.copyOf(values);
    }

    static Shelves of(Tenant tenant) {
        return new Shelves("tenant = ?", List.of(tenant.id()));
    }

    static Shelves ofModel(String model) {
        return new Shelves("model = ?", List.of(model));
    }

    static Shelves of(EmbeddingSpace space) {
        return new Shelves(
                "model = ? AND fingerprint = ? AND dimensions = ? AND normalised = ?",
                List.of(space.model(), space.fingerprint(), space.dimensions(), space.normalised()));
    }

    /// The one shelf of a tenant in a space.
    static Shelves of(Tenant tenant, EmbeddingSpace space) {
        var ofSpace = of(space);
        return new Shelves(
                "tenant = ? AND " + ofSpace.condition(), List.of(of(tenant).with(ofSpace.with())));
    }

    /// The condition's values, and more behind them.
    Object[] with(Object... more) {
        return Stream.concat(values.stream(), Stream.of(more)).toArray();
    }

    /// Makes a shelf if there is none.
    static void make(SqlSession session, String table, Tenant tenant, EmbeddingSpace space) throws SQLException {
        session.update(
                "INSERT INTO " + table + " (tenant, model, fingerprint, dimensions, normalised) VALUES (?, ?, ?, ?, ?)"
                        + " ON CONFLICT DO NOTHING",
                of(tenant, space).with());
    }

    /// How many vectors stand on each shelf that has any.
    static List<Held> held(SqlSession session, String shelves, String vectors) throws SQLException {
        return session.list(
                "SELECT tenant, model, fingerprint, dimensions, normalised, count(*) FROM " + shelves + " JOIN "
                        + vectors + " ON shelf = id GROUP BY id ORDER BY id",
                row -> new Held(
                        new Tenant(row.getString(1)),
                        new EmbeddingSpace(row.getString(2), row.getString(3), row.getInt(4), row.getBoolean(5)),
                        row.getLong(6)));
    }
}
