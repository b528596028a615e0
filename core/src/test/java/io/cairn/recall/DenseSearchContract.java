package io.cairn.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.cairn.memory.ConversationId;
import io.cairn.memory.NewMessage;
import io.cairn.passage.FieldValue;
import io.cairn.passage.Kind;
import io.cairn.passage.SourceId;
import io.cairn.tenant.Tenant;
import io.cairn.text.Language;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What a search finds and what it never finds, by vectors and filters.
public abstract class DenseSearchContract extends DenseIndexFixture {
    /// More than any index compares one by one.
    private static final int MANY = 5_600;

    protected DenseSearchContract(DensePlace place) {
        super(place);
    }

    @Test
    void aUnitIsFoundByItsVectorWithTheCosineAsScore() {
        say(ACME, "chat", "Ana", "The router password is under the keyboard.");
        say(ACME, "chat", "Ana", "We planted apricot trees behind the barn.");
        follow();

        var found = search(ACME, "apricot trees barn", Filters.NONE);

        assertThat(ids(found)).startsWith("m/chat/2/0");
        assertThat(found.getFirst().score()).isBetween(.3, 1.0001);
        assertThat(found).isSortedAccordingTo((left, right) -> Double.compare(right.score(), left.score()));
        assertThat(found.getFirst().ref().speaker()).isEqualTo("Ana");
        assertThat(found.getFirst().ref().at()).isNotNull();
        assertThat(current().passages()).isEqualTo(2);
    }

    @Test
    void unitsThatAreNamedAreComparedAsASearchWould() {
        say(ACME, "chat", "Ana", "The router password is under the keyboard.");
        say(ACME, "chat", "Ana", "We planted apricot trees behind the barn.");
        say(OTHER, "chat", "Ana", "The apricot trees are in bloom.");
        put(ACME, "guide", "Apricot trees want sun.", List.of());
        follow();
        var found = search(ACME, "apricot trees barn", Filters.NONE);
        var refs = found.stream().map(Candidate::ref).toList();

        var compared = current().compare(ACME, query("apricot trees barn"), refs);
        assertThat(ids(compared)).hasSize(3).isEqualTo(ids(found));
        for (int i = 0; i < compared.size(); i++) {
            assertThat(compared.get(i).score()).isCloseTo(found.get(i).score(), within(1e-6));
        }
        assertThat(ids(current().compare(ACME, query("apricot trees barn"), refs.subList(1, 2))))
                .isEqualTo(ids(found.subList(1, 2)));
        assertThat(current().compare(new Tenant("third"), query("apricot trees barn"), refs))
                .isEmpty();
    }

    @Test
    void anotherTenantsUnitsAreNeverFoundWhateverIsAskedFor() {
        say(OTHER, "chat", "Ana", "The vault code is 4711.");
        put(OTHER, "vault", "The vault code is 4711.", List.of("x"));
        say(new Tenant("acme-2"), "chat", "Ana", "The vault code is 4711.");
        say(ACME, "mine", "Bob", "The vault is open.");
        follow();

        for (var attack : List.of(
                Filters.NONE,
                in(Kind.MESSAGE, "chat"),
                in(Kind.MESSAGE, "chat' OR '1'='1"),
                in(Kind.DOCUMENT, "vault"),
                speaker("ana' OR tenant <> 'acme"),
                tags(List.of("x', 'y"), List.of()),
                tags(List.of("x"), List.of()),
                tags(List.of(), List.of("{x}")),
                metadata(Map.of("a\"}' OR true --", "b")),
                metadata(Map.of("%", "_")))) {
            for (boolean exact : new boolean[] {true, false}) {
                assertThat(ids(current().search(ACME, query("vault code"), attack, 10, exact)))
                        .as("%s", attack)
                        .isSubsetOf("m/mine/1/0");
            }
        }
    }

    @Test
    void textThatNoStoreCanHoldMatchesNothing() {
        say(ACME, "chat", "Ana", "The vault is open.");
        follow();

        assertThat(search(ACME, "vault", speaker("a\0b"))).isEmpty();
        assertThat(search(ACME, "vault", metadata(Map.of("k", "\0")))).isEmpty();
        assertThat(search(ACME, "vault", tags(List.of("\uD83C"), List.of()))).isEmpty();
    }

    @Test
    void eachFilterLetsThroughWhatItNames() {
        fill();

        assertThat(filtered(Filters.NONE))
                .containsExactlyInAnyOrder("m/c1/1/0", "m/c1/2/0", "m/c2/1/0", "d/d1/1/0", "d/d2/1/0");
        assertThat(filtered(kinds(Set.of(Kind.DOCUMENT)))).containsExactlyInAnyOrder("d/d1/1/0", "d/d2/1/0");
        assertThat(filtered(kinds(Set.of(Kind.DOCUMENT, Kind.MESSAGE)))).hasSize(5);
        assertThat(filtered(in(Kind.MESSAGE, "c1"))).containsExactlyInAnyOrder("m/c1/1/0", "m/c1/2/0");
        assertThat(filtered(in(Kind.MESSAGE, "d1"))).isEmpty();
        assertThat(filtered(in(Kind.DOCUMENT, "d1"))).containsExactly("d/d1/1/0");
        assertThat(filtered(sourceType("manual"))).containsExactly("d/d1/1/0");
        assertThat(filtered(language("en"))).hasSize(3);
        assertThat(filtered(language("ro"))).containsExactlyInAnyOrder("d/d1/1/0", "d/d2/1/0");
        assertThat(filtered(tags(List.of("red", "blue"), List.of()))).containsExactlyInAnyOrder("d/d1/1/0", "d/d2/1/0");
        assertThat(filtered(tags(List.of(), List.of("red", "green")))).containsExactly("d/d1/1/0");
        assertThat(filtered(tags(List.of("RED"), List.of()))).isEmpty();
        assertThat(filtered(speaker(" BOB "))).containsExactly("m/c1/2/0");
        assertThat(filtered(metadata(Map.of("room", "kitchen")))).containsExactlyInAnyOrder("m/c2/1/0", "d/d2/1/0");
        assertThat(filtered(metadata(Map.of("room", "kitchen", "floor", "2")))).containsExactly("d/d2/1/0");
        assertThat(filtered(times(NOON.plusSeconds(60), null))).containsExactlyInAnyOrder("m/c1/2/0", "m/c2/1/0");
        assertThat(filtered(times(null, NOON.plusSeconds(60)))).containsExactlyInAnyOrder("m/c1/1/0", "d/d2/1/0");
        assertThat(filtered(times(NOON.plusSeconds(60), NOON.plusSeconds(120)))).containsExactly("m/c1/2/0");
    }

    @Test
    void filtersTogetherLetThroughWhatPassesAll() {
        fill();

        assertThat(filtered(new Filters(
                        Set.of(Kind.DOCUMENT),
                        Set.of(),
                        null,
                        new Language("ro"),
                        List.of("red", "blue"),
                        List.of("blue"),
                        null,
                        NOON.minusSeconds(1),
                        NOON.plusSeconds(1),
                        Map.of("floor", new FieldValue.Text("2")))))
                .containsExactly("d/d2/1/0");
        assertThat(filtered(new Filters(
                        Set.of(Kind.MESSAGE),
                        Set.of(new SourceId(Kind.DOCUMENT, "d1")),
                        null,
                        null,
                        List.of(),
                        List.of(),
                        null,
                        null,
                        null,
                        Map.of())))
                .isEmpty();
        assertThat(filtered(new Filters(
                        Set.of(),
                        Set.of(new SourceId(Kind.MESSAGE, "c1"), new SourceId(Kind.DOCUMENT, "d1")),
                        null,
                        null,
                        List.of(),
                        List.of(),
                        null,
                        null,
                        null,
                        Map.of())))
                .isEmpty();
    }

    private void fill() {
        say(ACME, "c1", "Ana", "Lunch is at twelve.", NOON, Map.of());
        say(ACME, "c1", "Bob", "Lunch is at one.", NOON.plusSeconds(60), Map.of("room", "hall"));
        say(ACME, "c2", "Bobby", "Lunch is late.", NOON.plusSeconds(120), Map.of("room", "kitchen"));
        put(ACME, "d1", "Lunch is soup.", "manual", List.of("red", "green"), Map.of(), null);
        put(ACME, "d2", "Lunch is bread.", null, List.of("blue"), Map.of("room", "kitchen", "floor", "2"), NOON);
        follow();
    }

    private List<String> filtered(Filters filters) {
        var exact = ids(current().search(ACME, query("lunch"), filters, 10, true));
        assertThat(ids(current().search(ACME, query("lunch"), filters, 10, false)))
                .containsExactlyInAnyOrderElementsOf(exact);
        return exact;
    }

    @Test
    void smallTenantsAreSearchedExactlyAndLargeOnesNearlySo() {
        say(OTHER, "chat", "Ana", "Crate 77 holds apricots.");
        for (int from = 0; from < MANY; from += 700) {
            conversations.add(
                    context(ACME),
                    new ConversationId("crates"),
                    IntStream.range(from, from + 700)
                            .mapToObj(i -> NewMessage.of(
                                    "m" + i, "user", "Crate %d holds %d pears of row %d.".formatted(i, i * 7, i / 9)))
                            .toList());
        }
        follow();

        assertThat(current().passages()).isEqualTo(MANY + 1);
        assertThat(current().approximates(ACME, Filters.NONE)).isTrue();
        assertThat(current().approximates(ACME, in(Kind.MESSAGE, "nowhere"))).isFalse();
        assertThat(current().approximates(OTHER, Filters.NONE)).isFalse();
        assertThat(ids(search(OTHER, "crate 77", Filters.NONE))).containsExactly("m/chat/1/0");

        int shared = 0;
        for (int i = 0; i < 20; i++) {
            var vector = query("crate " + i * 211);
            var exact = new HashSet<>(ids(current().search(ACME, vector, Filters.NONE, 10, true)));
            var walked = ids(current().search(ACME, vector, Filters.NONE, 10, false));
            assertThat(walked).hasSize(10).doesNotHaveDuplicates();
            exact.retainAll(walked);
            shared += exact.size();
        }
        assertThat(shared / 200.0).isGreaterThan(.85);
        assertThat(current().search(ACME, query("crate 77"), Filters.NONE, 150, false))
                .hasSize(150);
        place().requireThatTheGraphWasWalked();
    }

    private static Filters kinds(Set<Kind> kinds) {
        return new Filters(kinds, Set.of(), null, null, List.of(), List.of(), null, null, null, Map.of());
    }

    private static Filters in(Kind kind, String id) {
        return new Filters(
                Set.of(), Set.of(new SourceId(kind, id)), null, null, List.of(), List.of(), null, null, null, Map.of());
    }

    private static Filters sourceType(String type) {
        return new Filters(Set.of(), Set.of(), type, null, List.of(), List.of(), null, null, null, Map.of());
    }

    private static Filters language(String tag) {
        return new Filters(
                Set.of(), Set.of(), null, new Language(tag), List.of(), List.of(), null, null, null, Map.of());
    }

    private static Filters tags(List<String> any, List<String> all) {
        return new Filters(Set.of(), Set.of(), null, null, any, all, null, null, null, Map.of());
    }

    private static Filters speaker(String name) {
        return new Filters(Set.of(), Set.of(), null, null, List.of(), List.of(), name, null, null, Map.of());
    }

    private static Filters times(@Nullable Instant from, @Nullable Instant to) {
        return new Filters(Set.of(), Set.of(), null, null, List.of(), List.of(), null, from, to, Map.of());
    }

    private static Filters metadata(Map<String, String> fields) {
        var values = fields.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, field ->
                (FieldValue) new FieldValue.Text(field.getValue())));
        return new Filters(Set.of(), Set.of(), null, null, List.of(), List.of(), null, null, null, values);
    }
}
