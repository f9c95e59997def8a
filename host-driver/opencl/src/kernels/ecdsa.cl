// ECDSA: SEC 1, sections 4.1.4 (verifying) and 4.1.6 (recovering).

static void sha256_text(uint h[8], const text *t) {
    uint w[16];
    for (uint j = 0; j < 8; j++) h[j] = SHA256_IV[j];
    bool last = false;
    for (ulong offset = 0; !last; offset += 64) {
        last = text_block(t, w, offset);
        sha256_block(h, w);
    }
}

static NOINLINE void sha256_number(number *r, const text *t, bool twice) {
    uint h[8];
    sha256_text(h, t);
    if (twice) {
        uint w[16] = {0};
        for (uint j = 0; j < 8; j++) w[j] = h[j];
        w[8] = 0x80000000;
        w[15] = 256;
        for (uint j = 0; j < 8; j++) h[j] = SHA256_IV[j];
        sha256_block(h, w);
    }
    digest_number(r, h);
}

static NOINLINE void keccak256_number(number *r, const text *t) {
    ulong a[25], length = text_length(t);
    for (uint j = 0; j < 25; j++) a[j] = 0;
    bool last = false;
    for (ulong offset = 0; !last; offset += RATE) {
        // Lanes are little-endian. The padding begins with the byte 0x01 and ends with 0x80.
        for (uint j = 0; j < RATE / 8; j++) {
            a[j] ^= as_ulong(as_uchar8(text_be64(t, offset + 8 * j, 0x01)).s76543210);
        }
        last = offset + RATE > length;
        if (last) a[RATE / 8 - 1] ^= 0x8000000000000000UL;
        keccak_f(a);
    }
    for (uint j = 0; j < 4; j++) r->limb[3 - j] = as_ulong(as_uchar8(a[j]).s76543210);
}

// The signed number e.
static void signed_number(
    number *e, __global const uchar *message, ulong length, uint hashing) {
    text t;
    if (hashing == HASHING_DIGEST) {
        load_be(e, message);
        return;
    }
    set_text(&t, message, length);
    if (hashing == HASHING_KECCAK256) {
        keccak256_number(e, &t);
    } else {
        sha256_number(e, &t, hashing == HASHING_DOUBLE_SHA256);
    }
}

static uint verify_item(
    __global const uchar *head, __global const uchar *message, ulong length,
    __global const point *multiples, uint hashing, uint rules) {
    number r, s, e, u, v, w;
    point key, sum;
    uint verdict = load_signature(&r, &s, head, rules == RULES_LOW_S);
    if (verdict != VALID) return verdict;
    verdict = load_key(&key, head);
    if (verdict != VALID) return verdict;
    signed_number(&e, message, length, hashing);
    // A number times a residue is a number: e below 2^256 need not be reduced before.
    to_residue(&w, &s, &ORDER);
    power(&w, &w, ORDER_INVERT, &ORDER);
    multiply(&u, &e, &w, &ORDER);
    multiply(&v, &r, &w, &ORDER);
    multiply_points(&sum, &u, multiples, &v, &key);
    return has_x(&sum, &r) ? VALID : INVALID;
}

__kernel void verify(ITEM_ARGUMENTS) {
    ITEM_PROLOGUE
    verdicts[item] = verify_item(head, message, length, multiples, hashing, rules);
}

// Sets the affine coordinates of the key that has signed.
static uint recover_item(
    number *x, number *y, __global const uchar *head, __global const uchar *message, ulong length,
    __global const point *multiples, uint hashing, uint rules) {
    number r, s, e, u, v, w;
    point nonce, key;
    uint flags = item_flags(head);
    uint verdict = load_signature(&r, &s, head, rules == RULES_LOW_S);
    if (verdict != VALID) return verdict;
    *x = r;
    if ((flags & RECOVERY_ABOVE_N) && add_limbs(x, &r, ORDER.m) != 0) return INVALID;
    if (!below(x, FIELD.m)) return INVALID;
    to_residue(x, x, &FIELD);
    if (!lift(&nonce, x, flags & RECOVERY_ODD)) return INVALID;
    signed_number(&e, message, length, hashing);
    // The key is (s/r) * R - (e/r) * G.
    to_residue(&w, &r, &ORDER);
    power(&w, &w, ORDER_INVERT, &ORDER);
    multiply(&u, &e, &w, &ORDER);
    negate(&u, &u, &ORDER);
    multiply(&v, &s, &w, &ORDER);
    multiply_points(&key, &u, multiples, &v, &nonce);
    if (is_infinite(&key)) return INVALID;
    to_affine(x, y, &key);
    return VALID;
}

__kernel void recover(ITEM_ARGUMENTS) {
    ITEM_PROLOGUE
    number x, y;
    uint verdict = recover_item(&x, &y, head, message, length, multiples, hashing, rules);
    verdicts[item] = verdict;
    if (verdict != VALID) {
        set_zero(&x);
        set_zero(&y);
    }
    store_be(keys + item * 64, &x);
    store_be(keys + item * 64 + 32, &y);
}
