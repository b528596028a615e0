package io.cairn.seal;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// A 256-bit key that seals bytes with AES-GCM.
///
/// Sealed bytes are a format byte (1), a random 96-bit nonce, the ciphertext and its 128-bit tag. The owner's name is
/// authenticated with them, so that sealed bytes cannot be moved to another owner unnoticed.
public final class DataKey {
    private static final byte FORMAT = 1;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int KEY_BYTES = 32;
    private static final String ALGORITHM = "AES/GCM/NoPadding";

    /// Looked up once: each event is sealed or opened by a cipher of its own.
    private static final Provider PROVIDER = provider();

    private final SecretKey key;

    private DataKey(byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("A data key has %d bytes; found %d".formatted(KEY_BYTES, key.length));
        }
        this.key = new SecretKeySpec(key, "AES");
    }

    static DataKey of(byte[] key) {
        return new DataKey(key);
    }

    public static DataKey random(SecureRandom random) {
        var key = new byte[KEY_BYTES];
        random.nextBytes(key);
        return new DataKey(key);
    }

    public byte[] seal(byte[] plain, byte[] owner, SecureRandom random) {
        var nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            var cipher = cipher(Cipher.ENCRYPT_MODE, nonce, owner);
            var sealed = new byte[1 + NONCE_BYTES + cipher.getOutputSize(plain.length)];
            sealed[0] = FORMAT;
            System.arraycopy(nonce, 0, sealed, 1, NONCE_BYTES);
            cipher.doFinal(plain, 0, plain.length, sealed, 1 + NONCE_BYTES);
            return sealed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM refused to seal %d bytes".formatted(plain.length), e);
        }
    }

    /// @throws SealBrokenException if the bytes were changed, or sealed by another key or for another owner
    public byte[] open(byte[] sealed, byte[] owner) {
        if (sealed.length < 1 + NONCE_BYTES + TAG_BITS / 8 || sealed[0] != FORMAT) {
            throw new SealBrokenException("These %d bytes were not sealed by Cairn".formatted(sealed.length), null);
        }
        var nonce = new byte[NONCE_BYTES];
        ByteBuffer.wrap(sealed, 1, NONCE_BYTES).get(nonce);
        try {
            int start = 1 + NONCE_BYTES;
            return cipher(Cipher.DECRYPT_MODE, nonce, owner).doFinal(sealed, start, sealed.length - start);
        } catch (GeneralSecurityException e) {
            throw new SealBrokenException(
                    "Sealed bytes do not open: they were changed, or belong to another key or owner", e);
        }
    }

    byte[] bytes() {
        return key.getEncoded();
    }

    private static Provider provider() {
        try {
            return Cipher.getInstance(ALGORITHM).getProvider();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has AES-GCM", e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, byte[] owner) throws GeneralSecurityException {
        var cipher = Cipher.getInstance(ALGORITHM, PROVIDER);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(owner);
        return cipher;
    }
}
