package io.cairn.recall;

import java.util.regex.Pattern;

/// What of a query is to be found as it is written: numbers, ids, versions, addresses. A model takes them for much the
/// same.
final class Exact {
    private static final Pattern SPACE = Pattern.compile("\\s+");

    private Exact() {}

    /// The share of a query's letters and digits that stand in words with a digit, 0 to 1.
    static double share(String query) {
        int all = 0;
        int exact = 0;
        for (var word : SPACE.split(query.strip())) {
            int length =
                    (int) word.codePoints().filter(Character::isLetterOrDigit).count();
            all += length;
            exact += word.codePoints().anyMatch(Character::isDigit) ? length : 0;
        }
        return all == 0 ? 0 : (double) exact / all;
    }
}
