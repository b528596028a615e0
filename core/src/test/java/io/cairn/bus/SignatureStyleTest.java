package io.cairn.bus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Signatures against the vectors that the senders publish, and against those who tamper with them.
class SignatureStyleTest {
    private static final Duration TOLERANCE = Duration.ofMinutes(5);
    private static final Instant SENT = Instant.ofEpochSecond(1614265330);
    private static final WebhookSecret SECRET = new WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    private static final WebhookSecret OTHER = WebhookSecret.random(new Random(1));
    private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(UTF_8);

    private static Map<String, String> standard() {
        return new HashMap<>(Map.of(
                "webhook-id",
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                "webhook-timestamp",
                "1614265330",
                "webhook-signature",
                "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
    }

    @Test
    void thePublishedVectorOfStandardWebhooksIsGenuine() {
        assertThat(verdict(SignatureStyle.STANDARD, standard(), BODY, SENT, OTHER, SECRET))
                .isEqualTo(new Verdict.Genuine("msg_p5jXN8AQM9LWM0D4loKWxJek"));
    }

    @Test
    void whatIsSignedHereIsThePublishedVector() {
        assertThat(StandardWebhook.headers(List.of(SECRET), "msg_p5jXN8AQM9LWM0D4loKWxJek", SENT, BODY))
                .isEqualTo(standard());
    }

    @Test
    void thePublishedVectorOfGitHubIsGenuine() {
        var headers = Map.of(
                "x-github-delivery",
                "72d3162e-cc78-11e3-81ab-4c9367dc0958",
                "x-github-event",
                "push",
                "x-hub-signature-256",
                "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
        var body = "Hello, World!".getBytes(UTF_8);
        assertThat(verdict(SignatureStyle.GITHUB, headers, body, SENT, new WebhookSecret("It's a Secret to Everybody")))
                .isEqualTo(new Verdict.Genuine("72d3162e-cc78-11e3-81ab-4c9367dc0958"));
        assertThat(verdict(SignatureStyle.GITHUB, headers, body, SENT, SECRET)).isInstanceOf(Verdict.Refused.class);
        assertThat(SignatureStyle.GITHUB.topic(name -> List.of(headers.getOrDefault(name, "")), body))
                .contains("push");
    }

    @Test
    void aStripeSignatureCoversTimeAndBodyAndItsIdIsInTheBody() {
        var body = "{\"id\":\"evt_1\",\"type\":\"charge.succeeded\"}".getBytes(UTF_8);
        var genuine = stripe(SECRET, "1614265330", body);
        assertThat(verdict(
                        SignatureStyle.STRIPE,
                        Map.of("stripe-signature", "t=1614265330,v0=00,v1=abcd,v1=" + genuine),
                        body,
                        SENT,
                        OTHER,
                        SECRET))
                .isEqualTo(new Verdict.Genuine("evt_1"));
        assertThat(verdict(
                        SignatureStyle.STRIPE,
                        Map.of("stripe-signature", "t=1614265331,v1=" + genuine),
                        body,
                        SENT,
                        SECRET))
                .isInstanceOf(Verdict.Refused.class);
        assertThat(verdict(
                        SignatureStyle.STRIPE,
                        Map.of("stripe-signature", "t=1614265330,t=1614265330,v1=" + genuine),
                        body,
                        SENT,
                        SECRET))
                .isInstanceOf(Verdict.Refused.class);
        assertThat(SignatureStyle.STRIPE.topic(name -> List.of(), body)).contains("charge.succeeded");
    }

    @Test
    void bothSecretsAreGoodWhileOneReplacesTheOther() {
        var headers = StandardWebhook.headers(List.of(OTHER, SECRET), "m1", SENT, BODY);
        assertThat(headers.getOrDefault("webhook-signature", "").split(" ")).hasSize(2);
        assertThat(verdict(SignatureStyle.STANDARD, headers, BODY, SENT, SECRET))
                .isEqualTo(new Verdict.Genuine("m1"));
        assertThat(verdict(SignatureStyle.STANDARD, headers, BODY, SENT, OTHER)).isEqualTo(new Verdict.Genuine("m1"));
    }

    @ParameterizedTest
    @CsvSource({"-300, true", "300, true", "-301, false", "301, false"})
    void aTimeWithinTheToleranceIsAllowedAndNoOther(long later, boolean genuine) {
        assertThat(
                        verdict(SignatureStyle.STANDARD, standard(), BODY, SENT.plusSeconds(later), SECRET)
                                instanceof Verdict.Genuine)
                .isEqualTo(genuine);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "webhook-id|msg_other",
                "webhook-timestamp|1614265331",
                "webhook-timestamp|NaN",
                "webhook-timestamp|-1",
                "webhook-timestamp|1614265330.0",
                "webhook-timestamp|99999999999999999999",
                "webhook-signature|v1,h0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                "webhook-signature|v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                "webhook-signature|g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                "webhook-signature|v1,é",
                "webhook-signature|v1,",
                "webhook-signature|v1"
            })
    void aHeaderThatWasChangedIsRefused(String header, String value) {
        var headers = standard();
        headers.put(header, value);
        assertThat(verdict(SignatureStyle.STANDARD, headers, BODY, SENT, SECRET))
                .isInstanceOf(Verdict.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"webhook-id", "webhook-timestamp", "webhook-signature"})
    void aHeaderThatIsMissingOrComesTwiceIsRefused(String header) {
        var headers = standard();
        assertThat(SignatureStyle.STANDARD.verify(
                        name -> name.equals(header)
                                ? List.of(headers.get(name), headers.get(name))
                                : List.of(headers.get(name)),
                        BODY,
                        List.of(SECRET),
                        SENT,
                        TOLERANCE))
                .isInstanceOf(Verdict.Refused.class);
        headers.remove(header);
        assertThat(verdict(SignatureStyle.STANDARD, headers, BODY, SENT, SECRET))
                .isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void oneByteOfTheBodyDecides() {
        var body = BODY.clone();
        body[0] ^= 1;
        assertThat(verdict(SignatureStyle.STANDARD, standard(), body, SENT, SECRET))
                .isEqualTo(new Verdict.Refused(
                        "None of its signatures is that of the body under a secret that is known here"));
    }

    @ParameterizedTest
    @EnumSource(SignatureStyle.class)
    void whereNoSecretIsKnownNothingIsGenuine(SignatureStyle style) {
        assertThat(verdict(style, standard(), BODY, SENT)).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void aSecretShowsNowhere() {
        assertThat(SECRET.toString()).doesNotContain("MfKQ");
        assertThatThrownBy(() -> new WebhookSecret("short"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("short");
        assertThatThrownBy(() -> SignatureStyle.STANDARD.require(new WebhookSecret("not-base64-at-all!")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("not-base64");
    }

    private static String stripe(WebhookSecret secret, String seconds, byte[] body) {
        return HexFormat.of().formatHex(secret.signPlain((seconds + ".").getBytes(UTF_8), body));
    }

    private static Verdict verdict(
            SignatureStyle style, Map<String, String> headers, byte[] body, Instant now, WebhookSecret... secrets) {
        var known = new TreeMap<>(headers);
        return style.verify(
                name -> known.containsKey(name) ? List.of(known.get(name)) : List.of(),
                body,
                List.of(secrets),
                now,
                TOLERANCE);
    }
}
