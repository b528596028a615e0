package io.cairn.bench;

import io.cairn.bench.DataSet.Question;
import io.cairn.bench.DataSet.Text;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/// Workloads in which texts come again as they do where people work with agents. The texts are those of real
/// conversations; when they come again is a model, which is this:
///
/// - Replayed: whoever hosts an agent sends the whole conversation so far at the beginning of each session,
///   to whichever of two nodes, and a node is started again after every tenth session.
/// - Imported: all conversations are imported again each night of a week, after one message in twenty was
///   edited, by one node and then the other, both started again in between.
/// - Asked: questions by Zipf's law, the second most frequent half as often as the first and so on, of either
///   node, and a node is started again after every fifth part of them.
final class RepeatedTexts {
    static final int NODES = 2;
    private static final int SESSIONS_BETWEEN_STARTS = 10;
    private static final int NIGHTS = 7;
    private static final double EDITED = .05;
    private static final int PARTS = 5;

    /// What comes to a node.
    sealed interface Step {
        /// Texts to be found.
        record Remembered(int node, Tenant tenant, List<String> texts) implements Step {}

        record Asked(int node, Tenant tenant, String text) implements Step {}

        /// The node is started again, so that it has nothing in memory.
        record Started(int node) implements Step {}
    }

    private final DataSet set;
    private final Random random = new Random(20261130);

    RepeatedTexts(DataSet set) {
        this.set = set;
    }

    List<Step> replayed() {
        var steps = new ArrayList<Step>();
        int session = 0;
        for (var more = true; more; session++) {
            more = false;
            for (var conversation : conversations().entrySet()) {
                more |= begin(conversation.getKey(), conversation.getValue(), session, steps);
            }
            if (session % SESSIONS_BETWEEN_STARTS == SESSIONS_BETWEEN_STARTS - 1) {
                startAll(steps);
            }
        }
        return steps;
    }

    /// Whether there is such a session.
    private boolean begin(Tenant tenant, List<Text> turns, int session, List<Step> steps) {
        var sessions =
                turns.stream().map(RepeatedTexts::session).distinct().sorted().toList();
        if (session >= sessions.size()) {
            return false;
        }
        var soFar = turns.stream()
                .filter(turn -> session(turn) <= sessions.get(session))
                .map(Text::text)
                .toList();
        steps.add(new Step.Remembered(random.nextInt(NODES), tenant, soFar));
        return true;
    }

    private static int session(Text turn) {
        return turn.meta().path("session").asInt();
    }

    List<Step> imported() {
        var steps = new ArrayList<Step>();
        for (int night = 0; night < NIGHTS; night++) {
            int node = night % NODES;
            int since = night;
            conversations()
                    .forEach((tenant, turns) -> steps.add(new Step.Remembered(
                            node,
                            tenant,
                            turns.stream().map(turn -> edited(turn, since)).toList())));
            startAll(steps);
        }
        return steps;
    }

    /// One in twenty each night, and what was edited once stays edited.
    private static String edited(Text turn, int nights) {
        var text = turn.text();
        for (int night = 1; night <= nights; night++) {
            if (new Random(31L * turn.id().hashCode() + night).nextDouble() < EDITED) {
                text = turn.text() + " (edited in night %d)".formatted(night);
            }
        }
        return text;
    }

    List<Step> asked(int times) {
        var questions = new ArrayList<>(set.questions());
        Collections.shuffle(questions, random);
        var sums = new double[questions.size()];
        double sum = 0;
        for (int rank = 0; rank < sums.length; rank++) {
            sum += 1.0 / (rank + 1);
            sums[rank] = sum;
        }
        var steps = new ArrayList<Step>();
        for (int i = 0; i < times; i++) {
            int found = Arrays.binarySearch(sums, random.nextDouble() * sum);
            Question question = questions.get(found < 0 ? -found - 1 : found);
            steps.add(new Step.Asked(random.nextInt(NODES), new Tenant(question.group()), question.text()));
            if (i % Math.max(1, times / PARTS) == 0) {
                startAll(steps);
            }
        }
        return steps;
    }

    private static void startAll(List<Step> steps) {
        for (int node = 0; node < NODES; node++) {
            steps.add(new Step.Started(node));
        }
    }

    private Map<Tenant, List<Text>> conversations() {
        return set.texts().stream()
                .collect(Collectors.groupingBy(
                        text -> new Tenant(text.group()), LinkedHashMap::new, Collectors.toList()));
    }
}
