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
    void aSlipBehindANumberOrAnIdIsSeen() {
        assertThat(UnknownVariables.among(Set.of(
                        "CAIRN_HOOKS_CRM_SECRETS_X",
                        "CAIRN_MODELS_PROVIDERS_X_ULR",
                        "CAIRN_PROJECTIONS_BATCHES_SMALL",
                        "CAIRN_SECURITY_KEYS_0_NMAE",
                        "CAIRN_SECURITY_KEYS_NAME",
                        "CAIRN_TENANTS_ACME")))
                .containsExactly(
                        "CAIRN_HOOKS_CRM_SECRETS_X",
                        "CAIRN_MODELS_PROVIDERS_X_ULR",
                        "CAIRN_PROJECTIONS_BATCHES_SMALL",
                        "CAIRN_SECURITY_KEYS_0_NMAE",
                        "CAIRN_SECURITY_KEYS_NAME",
                        "CAIRN_TENANTS_ACME");
    }

    @Test
    void settingsBehindANumberOrAnIdAreKnown() {
        assertThat(UnknownVariables.among(Set.of(
                        "CAIRN_HOOKS_CRM_SECRETS",
                        "CAIRN_HOOKS_CRM_SECRETS_0",
                        "CAIRN_MODELS_EMBEDDING_FALLBACKS_0_PROVIDER",
                        "CAIRN_MODELS_PROVIDERS_X_HEADERS_X_TRACE_ID",
                        "CAIRN_MODELS_PROVIDERS_X_KEYFILE",
                        "CAIRN_MODELS_PROVIDERS_X_KEY_FILE",
                        "CAIRN_MODELS_PROVIDERS_X_URL",
                        "CAIRN_PROJECTIONS_BATCHES_0",
                        "CAIRN_SECURITY_KEYS_0_SHA256",
                        "CAIRN_SECURITY_KEYS_12_TENANTS_0")))
                .isEmpty();
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
