// Ed25519: RFC 8032, section 5.1.7; ZIP 215; verify_strict of ed25519-dalek.

// k = SHA-512(R || A || message) modulo the order.
static NOINLINE void challenge(
    number *k, __global const uchar *head, __global const uchar *message, ulong length) {
    text t;
    ulong h[8], w[16];
    set_text(&t, message, length);
    t.head_length = 64;
    for (uint j = 0; j < 32; j++) {
        t.head[j] = head[HEAD_R + j];
        t.head[32 + j] = head[HEAD_X + j];
    }
    ulong total = text_length(&t);
    for (uint j = 0; j < 8; j++) h[j] = SHA512_IV[j];
    bool last = false;
    for (ulong offset = 0; !last; offset += 128) {
        for (uint j = 0; j < 16; j++) w[j] = text_be64(&t, offset + 8 * j, 0x80);
        // A one bit, zeros, the length in bits in the last 16 bytes.
        last = offset + 128 >= total + 17;
        if (last) {
            w[14] = total >> 61;
            w[15] = total << 3;
        }
        sha512_block(h, w);
    }
    // The digest is little-endian: low + 2^256 * high, and the residue of `high` is the second.
    number low, high;
    for (uint j = 0; j < 4; j++) {
        low.limb[j] = as_ulong(as_uchar8(h[j]).s76543210);
        high.limb[j] = as_ulong(as_uchar8(h[4 + j]).s76543210);
    }
    to_residue(&low, &low, &ORDER);
    from_residue(&low, &low, &ORDER);
    to_residue(&high, &high, &ORDER);
    add(k, &low, &high, &ORDER);
}

static uint verify_item(
    __global const uchar *head, __global const uchar *message, ulong length,
    __global const point *multiples, uint rules) {
    number s, k;
    point key, nonce, sum;
    load_le(&s, head + HEAD_S);
    if (!below(&s, ORDER.m)) return RANGE_S;
    uint verdict = decode(&key, head + HEAD_X, rules == RULES_CANONICAL);
    if (verdict != VALID) return verdict;
    if (rules != RULES_CANONICAL) {
        if (decode(&nonce, head + HEAD_R, false) != VALID) return INVALID;
        if (rules == RULES_STRICT && (has_small_order(&key) || has_small_order(&nonce))) {
            return SMALL_ORDER;
        }
    }
    challenge(&k, head, message, length);
    // s * B - k * A, which is R.
    negate_point(&key, &key);
    multiply_points(&sum, &s, multiples, &k, &key);
    if (rules != RULES_COFACTOR) return encodes_as(&sum, head + HEAD_R) ? VALID : INVALID;
    negate_point(&nonce, &nonce);
    add_points(&sum, &sum, &nonce);
    return has_small_order(&sum) ? VALID : INVALID;
}

__kernel void verify(ITEM_ARGUMENTS) {
    ITEM_PROLOGUE
    verdicts[item] = verify_item(head, message, length, multiples, rules);
}
