package io.cairn.server.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class ModelRefreshSettingsTest {
    @Test
    void aChangeBeginsOnSundaysAtThreeUnlessToldOtherwise() {
        var refresh = bound(Map.of()).refresh();
        assertThat(refresh.expression().next(Instant.parse("2026-11-28T12:00:00Z"), refresh.zone()))
                .isEqualTo("2026-11-29T03:00:00Z");
    }

    @Test
    void moneyThatAChangeMayCostNeedsThePriceOfItsModel() {
        var settings = Map.of("refresh.cost-max", "5");
        assertThatThrownBy(() -> bound(settings))
                .rootCause()
                .hasMessageContaining("cairn.models.refresh.cost-max limits money, but 'large' is not in");
        var priced = new HashMap<>(settings);
        priced.put("prices.large.input", "0.13");
        assertThat(bound(priced).refreshTo("large").budget().costMax()).contains(new BigDecimal("5"));
        assertThat(bound(priced).refreshTo("large").budget().price()).isEqualTo("0.13");
    }

    @Test
    void aBudgetOfNothingIsRefused() {
        assertThatThrownBy(() -> bound(Map.of("refresh.tokens-max", "0")))
                .rootCause()
                .hasMessageContaining("tokens-max");
    }

    private static ModelsSettings bound(Map<String, String> settings) {
        var all = new HashMap<String, String>(Map.of(
                "models.providers.main.url", "http://127.0.0.1:9/v1",
                "models.embedding.provider", "main",
                "models.embedding.model", "large",
                "models.embedding.dimensions", "8"));
        settings.forEach((key, value) -> all.put("models." + key, value));
        return new Binder(new MapConfigurationPropertySource(all)).bindOrCreate("models", ModelsSettings.class);
    }
}
