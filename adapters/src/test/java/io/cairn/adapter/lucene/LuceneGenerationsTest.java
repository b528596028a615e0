package io.cairn.adapter.lucene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.event.Event;
import io.cairn.projection.Projection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which generations there are, after every step and after a restart behind it.
class LuceneGenerationsTest {
    @TempDir
    Path folder;

    private static final FollowedLog LOG = new FollowedLog("a log", Map.of());

    private LuceneGenerations<Note> open(String madeOf) {
        return open(madeOf, LOG);
    }

    private LuceneGenerations<Note> open(String madeOf, FollowedLog log) {
        return new LuceneGenerations<>(folder.resolve("index"), madeOf, log, Note::new);
    }

    private LuceneGenerations<Note> open() {
        return open("model-a");
    }

    @Test
    void aNewFolderHasAFirstGenerationAndNoWayBack() {
        try (var generations = open()) {
            assertThat(generations.current().number()).isEqualTo(1);
            assertThat(generations.next()).isEmpty();
            assertThat(generations.noWayBack()).isPresent();
            assertThatThrownBy(generations::revive).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void whatWasMadeByOlderRulesAnswersUntilTheNextHasBeenBuilt() {
        try (var older = open("rules 1")) {
            older.current().projection().write("by rules 1");
        }
        for (int start = 0; start < 2; start++) {
            try (var newer = openBeside("rules 2", "rules 1")) {
                assertThat(newer.current().projection().read()).isEqualTo("by rules 1");
                assertThat(newer.next())
                        .hasValueSatisfying(next -> assertThat(next.number()).isEqualTo(2));
            }
        }
        try (var newer = openBeside("rules 2", "rules 1")) {
            newer.promote();
            assertThat(newer.current().number()).isEqualTo(2);
            assertThat(newer.noWayBack())
                    .hasValueSatisfying(why -> assertThat(why).contains("rules 1"));
        }
        try (var newer = openBeside("rules 2", "rules 1")) {
            assertThat(newer.current().number()).isEqualTo(2);
            assertThat(newer.next()).isEmpty();
        }
    }

    private LuceneGenerations<Note> openBeside(String madeOf, String before) {
        return new LuceneGenerations<>(
                folder.resolve("index"), new LuceneGenerations.MadeOf(madeOf, Set.of(before)), LOG, Note::new);
    }

    @Test
    void aFolderHasANameOfItsOwnThatARestartDoesNotChange() {
        var names = new HashSet<>();
        for (int start = 0; start < 2; start++) {
            try (var here = open();
                    var there = new LuceneGenerations<>(folder.resolve("other"), LOG, Note::new)) {
                names.add(here.place().orElseThrow());
                names.add(there.place().orElseThrow());
            }
        }
        assertThat(names).hasSize(2);
    }

    @Test
    void aRebuildThatWasUnderWayGoesOnAfterARestart() {
        try (var generations = open()) {
            generations.current().projection().write("old");
            generations.begin().projection().write("half");
        }
        try (var generations = open()) {
            assertThat(generations.current().projection().read()).isEqualTo("old");
            assertThat(generations.next().orElseThrow().number()).isEqualTo(2);
            assertThat(generations.next().orElseThrow().projection().read()).isEqualTo("half");
        }
    }

    @Test
    void theFormerGenerationComesBackEvenAfterARestart() {
        switched();
        try (var generations = open()) {
            assertThat(generations.noWayBack()).isEmpty();
            assertThat(generations.revive().projection().read()).isEqualTo("old");
            assertThat(generations.current().projection().read()).isEqualTo("new");
            generations.promote();
            assertThat(generations.current().number()).isEqualTo(1);
        }
        try (var generations = open()) {
            assertThat(generations.current().projection().read()).isEqualTo("old");
            assertThat(generations.next()).isEmpty();
            assertThat(generations.revive().projection().read()).isEqualTo("new");
        }
    }

    @Test
    void aRollbackThatACrashCutShortLeavesTheCurrentGenerationInUse() {
        switched();
        try (var generations = open()) {
            generations.revive();
        }
        try (var generations = open()) {
            assertThat(generations.current().projection().read()).isEqualTo("new");
            assertThat(generations.next()).isEmpty();
            assertThat(generations.noWayBack()).isEmpty();
        }
    }

    @Test
    void aNewRebuildGivesUpTheFormerGenerationAndTakesANewNumber() {
        switched();
        try (var generations = open()) {
            generations.revive();
            generations.promote();

            assertThat(generations.begin().number()).isEqualTo(3);
            assertThat(generations.noWayBack()).isPresent();
            assertThat(folder.resolve("index/2")).doesNotExist();
            assertThat(generations.begin().number()).isEqualTo(4);
            assertThat(folder.resolve("index/3")).doesNotExist();
        }
    }

    @Test
    void anotherModelBeginsWithNothingAndThereIsNoWayBackToTheFormerOne() {
        switched();
        try (var generations = open("model-b")) {
            assertThat(generations.current().number()).isEqualTo(3);
            assertThat(folder.resolve("index/3/note")).doesNotExist();
            assertThat(generations.next()).isEmpty();
            assertThat(generations.noWayBack())
                    .hasValue("Generation 2 of index was made of model-a, and the server now runs model-b");
        }
        try (var generations = open("model-b")) {
            assertThat(generations.current().number()).isEqualTo(3);
        }
    }

    @Test
    void theFormerModelGoesOnWithItsOwnGeneration() {
        switched();
        try (var generations = open("model-b")) {
            generations.current().projection().write("of b");
        }
        try (var generations = open()) {
            assertThat(generations.current().number()).isEqualTo(2);
            assertThat(generations.current().projection().read()).isEqualTo("new");
        }
        try (var generations = open("model-b")) {
            assertThat(generations.current().projection().read()).isEqualTo("of b");
        }
    }

    @Test
    void aRebuildOfAnotherModelThatWasUnderWayIsGivenUp() {
        try (var generations = open()) {
            generations.begin().projection().write("half");
        }
        try (var generations = open("model-b")) {
            assertThat(generations.current().number()).isEqualTo(3);
            assertThat(generations.next()).isEmpty();
            assertThat(generations.begin().number()).isEqualTo(4);
            assertThat(folder.resolve("index/1")).doesNotExist();
            assertThat(folder.resolve("index/2")).doesNotExist();
        }
    }

    @Test
    void aFileOfGenerationsThatCannotBeReadIsMadeAnewUnderANumberThatNobodyHad() throws IOException {
        for (var garbage :
                List.of("", "current", "current x y", "former 1 the log", "\0\0\0\0", "current 99999999999 a")) {
            try (var generations = open()) {
                generations.current().projection().write("old");
            }
            int before;
            try (var generations = open()) {
                before = generations.current().number();
            }
            Files.writeString(folder.resolve("index/generations"), garbage);
            try (var generations = open()) {
                assertThat(generations.current().number()).as(garbage).isEqualTo(before + 1);
                assertThat(generations.next()).isEmpty();
                assertThat(folder.resolve("index/" + before)).doesNotExist();
            }
        }
        try (var generations = open()) {
            generations.current().projection().write("old");
        }
        Files.write(folder.resolve("index/generations"), new byte[] {(byte) 0xff, (byte) 0xfe, 1});
        try (var generations = open()) {
            assertThat(generations.current().number()).isEqualTo(8);
        }
    }

    @Test
    void generationsWithoutTheirFileOrTheirPlaceAreMadeAnew() throws IOException {
        switched();
        Files.delete(folder.resolve("index/generations"));
        try (var generations = open()) {
            assertThat(generations.current().number()).isEqualTo(3);
            generations.current().projection().write("anew");
        }
        Files.writeString(folder.resolve("index/place"), "somewhere");
        try (var generations = open()) {
            assertThat(generations.current().number()).isEqualTo(4);
            assertThat(generations.place()).isPresent().isNotEqualTo(Optional.of("somewhere"));
        }
    }

    @Test
    void anIndexOfAnotherLogIsMadeAnew() {
        try (var generations = open()) {
            generations.current().projection().write("of another log");
        }
        try (var generations = open("model-a", new FollowedLog("another log", Map.of()))) {
            assertThat(generations.current().number()).isEqualTo(2);
            assertThat(folder.resolve("index/1")).doesNotExist();
        }
    }

    @Test
    void anIndexThatHoldsMoreThanTheLogIsSetAside() {
        try (var generations = open()) {
            generations.current().projection().write("7");
        }
        try (var generations = open("model-a", new FollowedLog("a log", Map.of(0, 7L)))) {
            assertThat(generations.current().projection().durable(0)).isEqualTo(7);
        }
        try (var generations = open("model-a", new FollowedLog("a log", Map.of(0, 6L)))) {
            assertThat(generations.current().number()).isEqualTo(1);
            assertThat(generations.current().projection().durable(0)).isZero();
            assertThat(folder.resolve("index/1.damaged/note")).exists();
        }
    }

    private void switched() {
        try (var generations = open()) {
            generations.current().projection().write("old");
            generations.begin().projection().write("new");
            generations.promote();
        }
    }

    /// A projection of which only its folder matters.
    private record Note(Path at) implements Projection {
        void write(String text) {
            try {
                Files.createDirectories(at);
                Files.writeString(at.resolve("note"), text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        String read() {
            try {
                return Files.readString(at.resolve("note"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void apply(int partition, List<Event> events, long to) {}

        @Override
        public void publish() {}

        @Override
        public void commit() {}

        @Override
        public long applied(int partition) {
            return 0;
        }

        @Override
        public long visible(int partition) {
            return 0;
        }

        @Override
        public long durable(int partition) {
            return Files.exists(at.resolve("note")) && read().matches("[0-9]+") ? Long.parseLong(read()) : 0;
        }

        @Override
        public void close() {}
    }
}
