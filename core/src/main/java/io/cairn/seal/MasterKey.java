package io.cairn.seal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.tenant.Tenant;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// The one secret of an installation, which is kept apart from the log.
///
/// The keys of all subjects are wrapped with it, and each tenant's key for fingerprints is derived from it.
public final class MasterKey {
    public static final int BYTES = 32;

    private final byte[] secret;
    private final DataKey wrapping;

    public MasterKey(byte[] secret) {
        if (secret.length != BYTES) {
            throw new IllegalArgumentException("A master key has %d bytes; found %d".formatted(BYTES, secret.length));
        }
        this.secret = secret.clone();
        this.wrapping = DataKey.of(derive("wrap"));
    }

    public static MasterKey random(SecureRandom random) {
        var secret = new byte[BYTES];
        random.nextBytes(secret);
        return new MasterKey(secret);
    }

    public byte[] wrap(DataKey key, Tenant tenant, String subject, SecureRandom random) {
        return wrapping.seal(key.bytes(), owner(tenant, subject), random);
    }

    /// @throws SealBrokenException if it was wrapped by another master key
    public DataKey unwrap(byte[] wrapped, Tenant tenant, String subject) {
        return DataKey.of(wrapping.open(wrapped, owner(tenant, subject)));
    }

    /// The tenant's key for fingerprints of content. Two tenants have different ones, so that nobody can tell that they
    /// have equal content.
    public byte[] fingerprintKey(Tenant tenant) {
        return derive("fingerprint\0" + tenant.id());
    }

    /// HMAC-SHA-256 of the content under the tenant's fingerprint key.
    public byte[] fingerprint(Tenant tenant, byte[] content) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(fingerprintKey(tenant), "HmacSHA256"));
            return mac.doFinal(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has HmacSHA256", e);
        }
    }

    private byte[] derive(String purpose) {
        try {
            var parameters = HKDFParameterSpec.ofExtract()
                    .addIKM(secret)
                    .thenExpand(("cairn\0" + purpose).getBytes(UTF_8), BYTES);
            return KDF.getInstance("HKDF-SHA256").deriveData(parameters);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("JDK 25 has HKDF-SHA256", e);
        }
    }

    private static byte[] owner(Tenant tenant, String subject) {
        return (tenant.id() + '\0' + subject).getBytes(UTF_8);
    }
}
