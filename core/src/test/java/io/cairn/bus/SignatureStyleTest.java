package io.cairn.bus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
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

    private static Map<String, String> github() {
        return new HashMap<>(Map.of(
                "x-github-delivery",
                "72d3162e-cc78-11e3-81ab-4c9367dc0958",
                "x-hub-signature-256",
                "sha256=" + HexFormat.of().formatHex(SECRET.signPlain(BODY))));
    }

    private static Map<String, String> stripe() {
        return new HashMap<>(Map.of("stripe-signature", "t=1614265330,v1=" + stripe(SECRET, "1614265330", BODY)));
    }

    private static Map<String, String> genuine(SignatureStyle style) {
        return switch (style) {
            case STANDARD -> standard();
            case GITHUB -> github();
            case STRIPE -> stripe();
        };
    }

    /// Each header that carries a signature or its time, with every letter of it changed in turn, cut off or doubled.
    @ParameterizedTest
    @EnumSource(SignatureStyle.class)
    void noLetterOfAHeaderThatIsSignedByOrIsTheSignatureCanBeChanged(SignatureStyle style) {
        assertThat(verdict(style, genuine(style), BODY, SENT, SECRET)).isInstanceOf(Verdict.Genuine.class);
        // GitHub signs the body alone: another id is another delivery, which is all that its sender could say.
        for (var header : style == SignatureStyle.GITHUB
                ? List.of("x-hub-signature-256")
                : genuine(style).keySet()) {
            var value = genuine(style).getOrDefault(header, "");
            for (int at = 0; at < value.length(); at++) {
                for (var changed : List.of(
                        value.substring(0, at) + (char) (value.charAt(at) ^ 1) + value.substring(at + 1),
                        value.substring(0, at) + 'é' + value.substring(at + 1),
                        value.substring(0, at),
                        value.substring(0, at) + value.charAt(at) + value.substring(at))) {
                    assertThat(judged(style, header, List.of(changed)))
                            .as("%s: %s", header, changed)
                            .isIn("refused", harmless(value, changed));
                }
            }
        }
    }

    /// The last letters of base64 have bits that mean nothing, and so has a comma more in a list.
    private static String harmless(String value, String changed) {
        return decoded(value).equals(decoded(changed)) ? "genuine" : "refused";
    }

    private static String decoded(String value) {
        try {
            return value.startsWith("v1,")
                    ? HexFormat.of().formatHex(Base64.getDecoder().decode(value.substring(3)))
                    : value.replace(",,", ",");
        } catch (IllegalArgumentException notBase64) {
            return value;
        }
    }

    private static String judged(SignatureStyle style, String header, List<String> values) {
        var headers = genuine(style);
        var verdict = style.verify(
                name -> name.equals(header)
                        ? values
                        : headers.containsKey(name) ? List.of(headers.getOrDefault(name, "")) : List.of(),
                BODY,
                List.of(SECRET),
                SENT,
                TOLERANCE);
        return verdict instanceof Verdict.Genuine ? "genuine" : "refused";
    }

    @ParameterizedTest
    @EnumSource(SignatureStyle.class)
    void noHeaderMayBeMissingEmptyOrComeTwice(SignatureStyle style) {
        genuine(style).forEach((header, value) -> {
            for (var values : List.of(List.<String>of(), List.of(""), List.of(value, value), List.of(value, "x"))) {
                assertThat(judged(style, header, values))
                        .as("%s: %s", header, values)
                        .isEqualTo("refused");
            }
        });
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
