package io.cairn.server.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/// Everything that writers have left on a server, place by place.
record Held(Map<String, List<Answers.Numbered>> places) {
    static Held by(CairnProcess cairn, Writers writers) throws IOException, InterruptedException {
        var answers = new Answers(cairn);
        var places = new LinkedHashMap<String, List<Answers.Numbered>>();
        for (var conversation : writers.conversations()) {
            places.put(conversation, answers.messages(conversation));
        }
        for (var stream : writers.streams()) {
            places.put(stream, answers.events(stream));
        }
        return new Held(places);
    }

    /// Nothing that was acknowledged is missing or stands elsewhere, nothing is there twice, and in no place is there a
    /// gap.
    void isAsAcknowledged(Writers writers) {
        assertThat(writers.unexpected()).isEmpty();
        var numbers = new LinkedHashMap<String, Long>();
        places.forEach((place, items) -> {
            assertThat(items).map(Answers.Numbered::key).as(place).doesNotHaveDuplicates();
            assertThat(items)
                    .map(Answers.Numbered::number)
                    .as(place)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, items.size()).boxed().toList());
            items.forEach(item -> numbers.put(item.key(), item.number()));
        });
        assertThat(numbers).containsAllEntriesOf(writers.acknowledged());
    }
}
