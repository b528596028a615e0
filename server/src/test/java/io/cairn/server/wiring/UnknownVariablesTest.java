package io.cairn.server.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class UnknownVariablesTest {
    @Test
    void aSlipInANameIsSeen() {
        assertThat(UnknownVariables.among(Set.of("CAIRN_PROT", "CAIRN_STORE_URI", "CAIRN_LIMITS", "PATH")))
                .containsExactly("CAIRN_LIMITS", "CAIRN_PROT", "CAIRN_STORE_URI");
    }

    @Test
    void settingsAreKnownHoweverTheirWordsAreDivided() {
        assertThat(UnknownVariables.among(Set.of(
                        "CAIRN_PORT",
                        "CAIRN_API_KEY",
                        "CAIRN_APIKEY",
                        "CAIRN_LOG_MAX_BATCH_SIZE",
                        "CAIRN_STORE_URL",
                        "CAIRN_STORE_POOL_TIMEOUT",
                        "CAIRN_SECURITY_KEYS_0_NAME",
                        "CAIRN_SECURITY_HOSTS",
                        "CAIRN_TENANTS_ACME_LANGUAGE",
                        "CAIRN_MODELS_PROVIDERS_OPENAI_KEY_FILE",
                        "CAIRN_PROJECTIONS_BATCHES")))
                .isEmpty();
    }

    @Test
    void whatTheLauncherReadsIsNoSlip() {
        assertThat(UnknownVariables.among(Set.of("CAIRN_HOME", "CAIRN_JAVA_OPTS", "CAIRN_TEST_SERVERS")))
                .isEmpty();
    }
}
