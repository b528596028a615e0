package io.cairn.bus;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// How a sender of webhooks signs them.
public enum SignatureStyle {
    /// [Standard Webhooks](https://www.standardwebhooks.com): the signature covers id, time and body.
    STANDARD {
        @Override
        Verdict judge(Arrived webhook, List<WebhookSecret> secrets, Instant now, Duration tolerance) {
            var id = webhook.required(StandardWebhook.ID);
            var seconds = webhook.required(StandardWebhook.TIMESTAMP);
            webhook.requireRecent(StandardWebhook.TIMESTAMP, seconds, now, tolerance);
            var signatures = webhook.required(StandardWebhook.SIGNATURE).split(" ");
            for (var secret : secrets) {
                var expected = StandardWebhook.signature(secret, id, seconds, webhook.body());
                for (var signature : signatures) {
                    if (signature.startsWith(StandardWebhook.VERSION + ",")
                            && same(expected, fromBase64(signature.substring(StandardWebhook.VERSION.length() + 1)))) {
                        return new Verdict.Genuine(id);
                    }
                }
            }
            return NOT_SIGNED;
        }
    },
    /// GitHub: the signature covers the body alone. There is no time in it, so that only the id of a delivery tells
    /// what is sent again.
    GITHUB {
        @Override
        Verdict judge(Arrived webhook, List<WebhookSecret> secrets, Instant now, Duration tolerance) {
            var id = webhook.required("x-github-delivery");
            var signature = webhook.required("x-hub-signature-256");
            if (signature.startsWith("sha256=")) {
                var found = fromHex(signature.substring("sha256=".length()));
                for (var secret : secrets) {
                    if (same(secret.signPlain(webhook.body()), found)) {
                        return new Verdict.Genuine(id);
                    }
                }
            }
            return NOT_SIGNED;
        }
    },
    /// Stripe: one header with the time and one or more signatures of time and body; the id is in the body.
    STRIPE {
        @Override
        Verdict judge(Arrived webhook, List<WebhookSecret> secrets, Instant now, Duration tolerance) {
            var seconds = new ArrayList<String>();
            var signatures = new ArrayList<byte[]>();
            for (var part : webhook.required("stripe-signature").split(",")) {
                if (part.strip().startsWith("t=")) {
                    seconds.add(part.strip().substring(2));
                } else if (part.strip().startsWith("v1=")) {
                    signatures.add(fromHex(part.strip().substring(3)));
                }
            }
            if (seconds.size() != 1) {
                return new Verdict.Refused("Its header stripe-signature has no time, or more than one");
            }
            webhook.requireRecent("stripe-signature", seconds.getFirst(), now, tolerance);
            for (var secret : secrets) {
                var expected = secret.signPlain((seconds.getFirst() + ".").getBytes(US_ASCII), webhook.body());
                if (signatures.stream().anyMatch(found -> same(expected, found))) {
                    return new Verdict.Genuine(idInBody(webhook.body()));
                }
            }
            return NOT_SIGNED;
        }
    };

    private static final Verdict NOT_SIGNED =
            new Verdict.Refused("None of its signatures is that of the body under a secret that is known here");
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,12}");
    private static final Pattern ID = Pattern.compile("[\\x21-\\x7e]{1,200}");

    /// A webhook as it came in.
    ///
    /// @param headers all values of a header, whose name is given in small letters
    record Arrived(Function<String, List<String>> headers, byte[] body) {
        String required(String name) {
            var values = headers.apply(name);
            if (values.size() != 1 || !values.getFirst().chars().allMatch(letter -> letter >= ' ' && letter < 0x7f)) {
                throw new NotGenuine("It needs one header %s, in ASCII; found %d".formatted(name, values.size()));
            }
            return values.getFirst();
        }

        void requireRecent(String name, String seconds, Instant now, Duration tolerance) {
            if (!SECONDS.matcher(seconds).matches()) {
                throw new NotGenuine("Its header %s has no time in seconds since 1970".formatted(name));
            }
            var age = Duration.between(Instant.ofEpochSecond(Long.parseLong(seconds)), now);
            if (age.abs().compareTo(tolerance) > 0) {
                throw new NotGenuine("It was signed at another time than now; %s s are allowed, check the clocks"
                        .formatted(tolerance.toSeconds()));
            }
        }
    }

    /// Refuses from within; it never leaves this class.
    private static final class NotGenuine extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotGenuine(String why) {
            super(why, null, false, false);
        }
    }

    /// Says whether a webhook comes from whoever knows one of the secrets.
    ///
    /// @param headers all values of a header, whose name is given in small letters
    /// @param body the bytes as they came
    /// @param tolerance how far the sender's clock may be from this one
    public Verdict verify(
            Function<String, List<String>> headers,
            byte[] body,
            List<WebhookSecret> secrets,
            Instant now,
            Duration tolerance) {
        try {
            var verdict = judge(new Arrived(headers, body), secrets, now, tolerance);
            return verdict instanceof Verdict.Genuine(var id) && !ID.matcher(id).matches()
                    ? new Verdict.Refused("Its id has more than 200 characters or a space")
                    : verdict;
        } catch (NotGenuine e) {
            return new Verdict.Refused(String.valueOf(e.getMessage()));
        }
    }

    abstract Verdict judge(Arrived webhook, List<WebhookSecret> secrets, Instant now, Duration tolerance);

    /// Takes a secret that this style can use.
    public WebhookSecret require(WebhookSecret secret) {
        return this == STANDARD ? secret.requireStandard() : secret;
    }

    /// What an event of this sender is about, as the sender calls it.
    public Optional<String> topic(Function<String, List<String>> headers, byte[] body) {
        return this == GITHUB ? headers.apply("x-github-event").stream().findFirst() : textInBody(body, "type");
    }

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static String idInBody(byte[] body) {
        return textInBody(body, "id").orElseGet(() -> "sha256-" + HexFormat.of().formatHex(sha256(body)));
    }

    private static Optional<String> textInBody(byte[] body, String field) {
        try {
            return Optional.ofNullable(JSON.readTree(body).path(field).stringValue(null));
        } catch (JacksonException notJson) {
            return Optional.empty();
        }
    }

    private static byte[] sha256(byte[] body) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(body);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    /// In constant time, so that nobody learns a signature letter by letter.
    private static boolean same(byte[] expected, byte[] found) {
        return MessageDigest.isEqual(expected, found);
    }

    private static byte[] fromBase64(String text) {
        try {
            return Base64.getDecoder().decode(text.getBytes(UTF_8));
        } catch (IllegalArgumentException notBase64) {
            return new byte[0];
        }
    }

    private static byte[] fromHex(String text) {
        try {
            return HexFormat.of().parseHex(text);
        } catch (IllegalArgumentException notHex) {
            return new byte[0];
        }
    }
}
