// Points of -x^2 + y^2 = 1 + dx^2y^2 over FIELD: (X : Y : Z : T) stands for (X/Z, Y/Z), T = XY/Z.
// Formulas of Hisil, Wong, Carter and Dawson, 2008, complete since -1 is a square and d is none.
// Coordinates are residues.
//
// From the host: FIELD, ORDER, CURVE_D, CURVE_D2 = 2d, SQRT_M1, BASE_X, BASE_Y, BASE_T (residues),
// SQRT_EXPONENT = (p - 5)/8, FIELD_INVERT = p - 2.

typedef struct {
    number x, y, z, t;
} point;

static void fe_add(number *r, const number *a, const number *b) { add(r, a, b, &FIELD); }
static void fe_sub(number *r, const number *a, const number *b) { subtract(r, a, b, &FIELD); }
static void fe_mul(number *r, const number *a, const number *b) { multiply(r, a, b, &FIELD); }

static void fe_mul_constant(number *r, const number *a, __constant const ulong *b) {
    number factor;
    load(&factor, b);
    fe_mul(r, a, &factor);
}

static void set_identity(point *r) {
    set_zero(&r->x);
    load(&r->y, FIELD.one);
    r->z = r->y;
    set_zero(&r->t);
}

static void load_base(point *r) {
    load(&r->x, BASE_X);
    load(&r->y, BASE_Y);
    load(&r->z, FIELD.one);
    load(&r->t, BASE_T);
}

// X = EF, Y = GH, Z = FG, T = EH.
static void combine(
    point *r, const number *e, const number *f, const number *g, const number *h) {
    fe_mul(&r->x, e, f);
    fe_mul(&r->y, g, h);
    fe_mul(&r->z, f, g);
    fe_mul(&r->t, e, h);
}

// r = p + q; r may be one of them.
static NOINLINE void add_points(point *r, const point *p, const point *q) {
    number a, b, c, d, s, t;
    fe_sub(&s, &p->y, &p->x);
    fe_sub(&t, &q->y, &q->x);
    fe_mul(&a, &s, &t);
    fe_add(&s, &p->y, &p->x);
    fe_add(&t, &q->y, &q->x);
    fe_mul(&b, &s, &t);
    fe_mul(&c, &p->t, &q->t);
    fe_mul_constant(&c, &c, CURVE_D2);
    fe_mul(&d, &p->z, &q->z);
    fe_add(&d, &d, &d);
    fe_sub(&s, &b, &a);
    fe_add(&t, &b, &a);
    fe_sub(&a, &d, &c);
    fe_add(&b, &d, &c);
    combine(r, &s, &a, &b, &t);
}

// r = 2p; r may be p.
static NOINLINE void double_point(point *r, const point *p) {
    number a, b, c, e, f, g, h;
    fe_mul(&a, &p->x, &p->x);
    fe_mul(&b, &p->y, &p->y);
    fe_mul(&c, &p->z, &p->z);
    fe_add(&c, &c, &c);
    fe_add(&e, &p->x, &p->y);
    fe_mul(&e, &e, &e);
    fe_sub(&e, &e, &a);
    fe_sub(&e, &e, &b);
    fe_sub(&g, &b, &a);
    fe_sub(&f, &g, &c);
    fe_add(&h, &a, &b);
    negate(&h, &h, &FIELD);
    combine(r, &e, &f, &g, &h);
}

static void negate_point(point *r, const point *p) {
    negate(&r->x, &p->x, &FIELD);
    r->y = p->y;
    r->z = p->z;
    negate(&r->t, &p->t, &FIELD);
}

static bool is_identity(const point *p) {
    return is_zero(&p->x) && equal(&p->y, &p->z);
}

// Whether 8p is the identity.
static bool has_small_order(const point *p) {
    point multiple = *p;
    for (uint j = 0; j < 3; j++) double_point(&multiple, &multiple);
    return is_identity(&multiple);
}

// Decodes a point (RFC 8032, section 5.1.3): y in 255 bits, taken modulo p, and the parity of x.
// A canonical encoding has y below p (else KEY_RANGE), and no parity bit where x is 0 (else
// KEY_NOT_ON_CURVE, as where there is no x).
static NOINLINE uint decode(point *r, __global const uchar *bytes, bool canonical) {
    number y, u, v, x, t;
    load_le(&y, bytes);
    bool odd = y.limb[3] >> 63;
    y.limb[3] &= 0x7fffffffffffffffUL;
    if (!below(&y, FIELD.m)) {
        if (canonical) return KEY_RANGE;
        subtract_limbs(&y, &y, FIELD.m);
    }
    load(&r->z, FIELD.one);
    to_residue(&r->y, &y, &FIELD);
    // x^2 = u/v, u = y^2 - 1, v = dy^2 + 1: x = uv^3 * (uv^7)^((p - 5)/8), or that times the root
    // of -1.
    fe_mul(&t, &r->y, &r->y);
    fe_sub(&u, &t, &r->z);
    fe_mul_constant(&v, &t, CURVE_D);
    fe_add(&v, &v, &r->z);
    fe_mul(&t, &v, &v);
    fe_mul(&x, &t, &v);
    fe_mul(&t, &x, &x);
    fe_mul(&t, &t, &v);
    fe_mul(&t, &t, &u);
    power(&t, &t, SQRT_EXPONENT, &FIELD);
    fe_mul(&x, &x, &u);
    fe_mul(&x, &x, &t);
    fe_mul(&t, &x, &x);
    fe_mul(&t, &t, &v);
    if (!equal(&t, &u)) {
        negate(&u, &u, &FIELD);
        if (!equal(&t, &u)) return KEY_NOT_ON_CURVE;
        fe_mul_constant(&x, &x, SQRT_M1);
    }
    if (is_zero(&x)) {
        if (odd && canonical) return KEY_NOT_ON_CURVE;
    } else {
        from_residue(&t, &x, &FIELD);
        if (is_odd(&t) != odd) negate(&x, &x, &FIELD);
    }
    r->x = x;
    fe_mul(&r->t, &r->x, &r->y);
    return VALID;
}

// Whether the encoding of p is these bytes.
static bool encodes_as(const point *p, __global const uchar *bytes) {
    number inverse, x, y, expected;
    power(&inverse, &p->z, FIELD_INVERT, &FIELD);
    fe_mul(&x, &p->x, &inverse);
    fe_mul(&y, &p->y, &inverse);
    from_residue(&x, &x, &FIELD);
    from_residue(&y, &y, &FIELD);
    y.limb[3] |= (x.limb[0] & 1) << 63;
    load_le(&expected, bytes);
    return equal(&y, &expected);
}
