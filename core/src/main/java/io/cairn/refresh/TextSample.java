package io.cairn.refresh;

import io.cairn.model.Embeddings;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Counts texts, each once, and keeps some of them, of which each had the same chance.
final class TextSample {
    /// Eight megabytes. Of a million texts one in 130 is taken for one that was there already, of ten millions one in
    /// 14.
    private static final int MARKS = 1 << 26;

    private record Kept(Tenant tenant, String text) {}

    private final int max;
    private final RandomGenerator random;
    private final BitSet seen = new BitSet();
    private final List<Kept> kept = new ArrayList<>();
    private long texts;
    private long characters;

    TextSample(int max, RandomGenerator random) {
        this.max = max;
        this.random = random;
    }

    void add(Tenant tenant, String text) {
        int mark = mark(tenant, text);
        if (seen.get(mark)) {
            return;
        }
        seen.set(mark);
        texts++;
        characters += text.length();
        if (kept.size() < max) {
            kept.add(new Kept(tenant, text));
        } else {
            long place = random.nextLong(texts);
            if (place < max) {
                kept.set((int) place, new Kept(tenant, text));
            }
        }
    }

    private static int mark(Tenant tenant, String text) {
        int hash = 31 * tenant.hashCode() + text.hashCode();
        hash = (hash ^ hash >>> 16) * 0x85ebca6b;
        hash = (hash ^ hash >>> 13) * 0xc2b2ae35;
        return (hash ^ hash >>> 16) & MARKS - 1;
    }

    long texts() {
        return texts;
    }

    long characters() {
        return characters;
    }

    /// Of the texts that are kept.
    long charactersKept() {
        return kept.stream().mapToLong(each -> each.text().length()).sum();
    }

    int size() {
        return kept.size();
    }

    /// Lets a model embed what is kept.
    void embed(Embeddings embeddings) {
        Map<Tenant, List<String>> byTenant = new HashMap<>();
        kept.forEach(each ->
                byTenant.computeIfAbsent(each.tenant(), of -> new ArrayList<>()).add(each.text()));
        byTenant.forEach(embeddings::taken);
    }
}
