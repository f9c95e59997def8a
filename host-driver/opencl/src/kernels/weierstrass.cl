// Keys and signatures over a curve of prime order.
//
// From the host, beside what points.cl takes: ORDER, BASE_X, BASE_Y (residues), SQRT_EXPONENT =
// (p + 1)/4, FIELD_INVERT = p - 2, ORDER_INVERT = n - 2, ORDER_HALF = (n - 1)/2.

static void load_base(point *r) {
    load(&r->x, BASE_X);
    load(&r->y, BASE_Y);
    load(&r->z, FIELD.one);
}

// x^3 + ax + b.
static void right_side(number *r, const number *x) {
    number t;
    fe_mul(&t, x, x);
    fe_mul(&t, &t, x);
#if !CURVE_A_IS_ZERO
    number triple;
    fe_triple(&triple, x);
    fe_sub(&t, &t, &triple);
#endif
    number b;
    load(&b, CURVE_B);
    fe_add(r, &t, &b);
}

// Sets y of the point with this x and this parity; false when there is none. p = 3 modulo 4, and
// no point has y = 0 in a group of odd order.
static bool lift(point *r, const number *x, bool odd) {
    number side, y, square, plain;
    right_side(&side, x);
    power(&y, &side, SQRT_EXPONENT, &FIELD);
    fe_mul(&square, &y, &y);
    if (!equal(&square, &side)) return false;
    from_residue(&plain, &y, &FIELD);
    if (is_odd(&plain) != odd) negate(&y, &y, &FIELD);
    set_affine(r, x, &y);
    return true;
}

// Public key of an item; VALID, KEY_RANGE or KEY_NOT_ON_CURVE.
static uint load_key(point *r, __global const uchar *head) {
    number x, y, side, square;
    uint flags = item_flags(head);
    bool compressed = flags & KEY_COMPRESSED;
    load_be(&x, head + HEAD_X);
    if (!below(&x, FIELD.m)) return KEY_RANGE;
    to_residue(&x, &x, &FIELD);
    if (compressed) return lift(r, &x, flags & KEY_ODD) ? VALID : KEY_NOT_ON_CURVE;
    load_be(&y, head + HEAD_Y);
    if (!below(&y, FIELD.m)) return KEY_RANGE;
    to_residue(&y, &y, &FIELD);
    right_side(&side, &x);
    fe_mul(&square, &y, &y);
    if (!equal(&square, &side)) return KEY_NOT_ON_CURVE;
    set_affine(r, &x, &y);
    return VALID;
}

// Affine coordinates of a finite point, as numbers.
static void to_affine(number *x, number *y, const point *p) {
    number inverse;
    power(&inverse, &p->z, FIELD_INVERT, &FIELD);
    fe_mul(x, &p->x, &inverse);
    fe_mul(y, &p->y, &inverse);
    from_residue(x, x, &FIELD);
    from_residue(y, y, &FIELD);
}

// Whether x of a point, as a number below p, is r modulo n, for r below n < p: x is r, or r + n
// where that is below p too.
static bool has_x(const point *p, const number *r) {
    number x, sum;
    if (is_infinite(p)) return false;
    to_residue(&x, r, &FIELD);
    fe_mul(&x, &x, &p->z);
    if (equal(&x, &p->x)) return true;
    if (add_limbs(&sum, r, ORDER.m) != 0 || !below(&sum, FIELD.m)) return false;
    to_residue(&x, &sum, &FIELD);
    fe_mul(&x, &x, &p->z);
    return equal(&x, &p->x);
}

// r and s of an item, below n and not 0, s low where that is wanted.
static uint load_signature(number *r, number *s, __global const uchar *head, bool low_s) {
    load_be(r, head + HEAD_R);
    load_be(s, head + HEAD_S);
    if (is_zero(r) || !below(r, ORDER.m)) return RANGE_R;
    if (is_zero(s) || !below(s, ORDER.m)) return RANGE_S;
    number unused;
    if (low_s && !below(s, ORDER_HALF_END)) return HIGH_S;
    return VALID;
}
