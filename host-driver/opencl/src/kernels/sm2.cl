// SM2: GB/T 32918.2-2016, sections 5.5 (ZA) and 7 (verifying).

static void sm3_text(uint v[8], const text *t) {
    uint w[16];
    for (uint j = 0; j < 8; j++) v[j] = SM3_IV[j];
    bool last = false;
    for (ulong offset = 0; !last; offset += 64) {
        last = text_block(t, w, offset);
        sm3_block(v, w);
    }
}

// e = SM3(ZA || message), ZA = SM3(id || x || y): `id` is length of the user id in bits, user id,
// a, b and base point.
static NOINLINE void sm3_number(
    number *e, const point *key, __global const uchar *id, uint id_length,
    __global const uchar *message, ulong length) {
    text t;
    uint v[8];
    number x, y;
    // Keys are loaded with Z = 1.
    from_residue(&x, &key->x, &FIELD);
    from_residue(&y, &key->y, &FIELD);
    set_text(&t, id, id_length);
    t.tail_length = 64;
    for (uint j = 0; j < 4; j++) {
        put_be64(t.tail + 8 * j, x.limb[3 - j]);
        put_be64(t.tail + 32 + 8 * j, y.limb[3 - j]);
    }
    sm3_text(v, &t);
    set_text(&t, message, length);
    t.head_length = 32;
    for (uint j = 0; j < 4; j++) put_be64(t.head + 8 * j, (ulong)v[2 * j] << 32 | v[2 * j + 1]);
    sm3_text(v, &t);
    digest_number(e, v);
}

static uint verify_item(
    __global const uchar *head, __global const uchar *message, ulong length,
    __global const uchar *id, uint id_length, __global const point *multiples, uint hashing) {
    number r, s, e, t, x;
    point key, sum;
    uint verdict = load_signature(&r, &s, head, false);
    if (verdict != VALID) return verdict;
    add(&t, &r, &s, &ORDER);
    if (is_zero(&t)) return RANGE_T;
    verdict = load_key(&key, head);
    if (verdict != VALID) return verdict;
    if (hashing == HASHING_DIGEST) {
        load_be(&e, message);
    } else {
        sm3_number(&e, &key, id, id_length, message, length);
    }
    multiply_points(&sum, &s, multiples, &t, &key);
    // (e + x) mod n = r: x is (r - e) mod n. e is below 2^256, thus below 2n.
    reduce_once(&e, &e, 0, &ORDER);
    subtract(&x, &r, &e, &ORDER);
    return has_x(&sum, &x) ? VALID : INVALID;
}

__kernel void verify(ITEM_ARGUMENTS) {
    ITEM_PROLOGUE
    verdicts[item] =
        verify_item(head, message, length, id, id_length, multiples, hashing);
}
