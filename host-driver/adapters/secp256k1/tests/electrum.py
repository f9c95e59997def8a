"""Keys, signatures and recovery through electrum_ecc; what comes out is printed."""

import hashlib

import electrum_ecc as ecc


def digest(*parts):
    return hashlib.sha256(repr(parts).encode()).digest()


for number in range(12):
    key = ecc.ECPrivkey(digest("key", number))
    message = digest("message", number)
    public = ecc.ECPubkey(key.get_public_key_bytes(compressed=number % 2 == 0))
    print("key", public.get_public_key_hex(compressed=False), public == key, public < ecc.GENERATOR)

    signature = key.ecdsa_sign(message)
    r, s = ecc.get_r_and_s_from_ecdsa_sig64(signature)
    der = ecc.ecdsa_der_sig_from_ecdsa_sig64(signature)
    assert ecc.ecdsa_sig64_from_der_sig(der) == signature
    high = r.to_bytes(32, "big") + (ecc.CURVE_ORDER - s).to_bytes(32, "big")
    print("signature", der.hex())
    print(
        "valid",
        public.ecdsa_verify(signature, message),
        public.ecdsa_verify(high, message),
        public.ecdsa_verify(high, message, enforce_low_s=False),
        public.ecdsa_verify(signature, digest("another message")),
        (public + ecc.GENERATOR).ecdsa_verify(signature, message),
    )

    recoverable = key.ecdsa_sign_recoverable(message, is_compressed=True)
    print("recoverable", recoverable.hex(), public.ecdsa_verify_recoverable(recoverable, message))
    for recovery_id in range(4):
        try:
            found = ecc.ECPubkey.from_ecdsa_sig64(signature, recovery_id, message)
            print("recovered", found.get_public_key_hex())
        except Exception as error:
            print("not recovered", type(error).__name__, error)

    print("product", (public * (number + 2)).get_public_key_hex())
    schnorr = key.schnorr_sign(message, aux_rand32=digest("random", number))
    print("schnorr", schnorr.hex(), public.schnorr_verify(schnorr, message))
    print("no key", ecc.ECPubkey.is_pubkey_bytes(b"\x02" + digest("x", number)))
