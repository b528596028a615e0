package io.cairn.server.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.adapter.tika.ExtractionLimits;
import io.cairn.recall.RecallSettings;
import io.cairn.recall.Relevance;
import io.cairn.text.ChunkSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class DefaultsTest {
    private final CairnSettings unset =
            new Binder(new MapConfigurationPropertySource(Map.of())).bindOrCreate("cairn", CairnSettings.class);

    @Test
    void whatIsNotSetIsWhatWasMeasured() {
        assertThat(unset.recall().settings(Relevance.defaults())).isEqualTo(RecallSettings.defaults());
        assertThat(unset.chunks().settings()).isEqualTo(ChunkSettings.DEFAULT);
        assertThat(unset.extraction().limits(unset.limits().upload())).isEqualTo(ExtractionLimits.DEFAULT);
    }

    @Test
    void asManyFilesAreParsedAtOnceAsIsSet() {
        var set = new Binder(new MapConfigurationPropertySource(Map.of("cairn.extraction.processes", "3")))
                .bindOrCreate("cairn", CairnSettings.class);
        assertThat(set.extraction().limits(set.limits().upload()).processes()).isEqualTo(3);
    }
}
