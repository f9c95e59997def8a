// Points of y^2 = x^3 + ax + b over FIELD, a prime group: (X : Y : Z) stands for (X/Z, Y/Z),
// (0 : 1 : 0) for infinity. Complete formulas of Renes, Costello and Batina, 2015: they hold for
// all pairs of points, equal, opposite and infinite ones too. Coordinates are residues.
//
// From the host: FIELD, ORDER, CURVE_B, CURVE_B3 = 3b, BASE_X, BASE_Y (residues), SQRT_EXPONENT =
// (p + 1)/4, FIELD_INVERT = p - 2, ORDER_INVERT = n - 2, ORDER_HALF = (n - 1)/2, and
// CURVE_A_IS_ZERO, otherwise a = -3.

typedef struct {
    number x, y, z;
} point;

static void fe_add(number *r, const number *a, const number *b) { add(r, a, b, &FIELD); }
static void fe_sub(number *r, const number *a, const number *b) { subtract(r, a, b, &FIELD); }
static void fe_mul(number *r, const number *a, const number *b) { multiply(r, a, b, &FIELD); }

static void fe_triple(number *r, const number *a) {
    number twice;
    fe_add(&twice, a, a);
    fe_add(r, &twice, a);
}

static void fe_mul_constant(number *r, const number *a, __constant const ulong *b) {
    number factor;
    load(&factor, b);
    fe_mul(r, a, &factor);
}

static void set_identity(point *r) {
    set_zero(&r->x);
    load(&r->y, FIELD.one);
    set_zero(&r->z);
}

static void set_affine(point *r, const number *x, const number *y) {
    r->x = *x;
    r->y = *y;
    load(&r->z, FIELD.one);
}

static void load_base(point *r) {
    load(&r->x, BASE_X);
    load(&r->y, BASE_Y);
    load(&r->z, FIELD.one);
}

// r from the products x1x2, y1y2, z1z2, x1y2 + x2y1, y1z2 + y2z1, x1z2 + x2z1, in which both the
// addition and the doubling are written. With u = a*xz + 3b*zz, v = 3b*xz + a*xx - a^2*zz and
// w = 3xx + a*zz: X = xy(yy - u) - yz*v, Y = (yy - u)(yy + u) + w*v, Z = yz(yy + u) + xy*w.
static NOINLINE void combine(
    point *r, const number *xx, const number *yy, const number *zz, const number *xy,
    const number *yz, const number *xz) {
    number u, v, w, minus, plus, t;
#if CURVE_A_IS_ZERO
    fe_mul_constant(&u, zz, CURVE_B3);
    fe_mul_constant(&v, xz, CURVE_B3);
    fe_triple(&w, xx);
#else
    fe_mul_constant(&u, zz, CURVE_B);
    fe_sub(&u, &u, xz);
    fe_triple(&u, &u);
    fe_mul_constant(&v, xz, CURVE_B);
    fe_sub(&v, &v, xx);
    fe_triple(&t, zz);
    fe_sub(&v, &v, &t);
    fe_triple(&v, &v);
    fe_sub(&w, xx, zz);
    fe_triple(&w, &w);
#endif
    fe_sub(&minus, yy, &u);
    fe_add(&plus, yy, &u);
    fe_mul(&r->x, xy, &minus);
    fe_mul(&t, yz, &v);
    fe_sub(&r->x, &r->x, &t);
    fe_mul(&r->y, &minus, &plus);
    fe_mul(&t, &w, &v);
    fe_add(&r->y, &r->y, &t);
    fe_mul(&r->z, yz, &plus);
    fe_mul(&t, xy, &w);
    fe_add(&r->z, &r->z, &t);
}

// a1*b2 + a2*b1, from the products of equals.
static void cross_sum(
    number *r, const number *a1, const number *b1, const number *a2, const number *b2,
    const number *aa, const number *bb) {
    number s, t;
    fe_add(&s, a1, b1);
    fe_add(&t, a2, b2);
    fe_mul(r, &s, &t);
    fe_sub(r, r, aa);
    fe_sub(r, r, bb);
}

// r = p + q; r may be one of them.
static NOINLINE void add_points(point *r, const point *p, const point *q) {
    number xx, yy, zz, xy, yz, xz;
    fe_mul(&xx, &p->x, &q->x);
    fe_mul(&yy, &p->y, &q->y);
    fe_mul(&zz, &p->z, &q->z);
    cross_sum(&xy, &p->x, &p->y, &q->x, &q->y, &xx, &yy);
    cross_sum(&yz, &p->y, &p->z, &q->y, &q->z, &yy, &zz);
    cross_sum(&xz, &p->x, &p->z, &q->x, &q->z, &xx, &zz);
    combine(r, &xx, &yy, &zz, &xy, &yz, &xz);
}

// r = 2p; r may be p.
static NOINLINE void double_point(point *r, const point *p) {
#if CURVE_A_IS_ZERO
    // Algorithm 9: with u = 3b*zz, X = 2xy(yy - 3u), Y = (yy - 3u)(yy + u) + 8yy*u, Z = 8yy*yz.
    number yy, yz, xy, u, yy8, t;
    fe_mul(&yy, &p->y, &p->y);
    fe_mul(&yz, &p->y, &p->z);
    fe_mul(&xy, &p->x, &p->y);
    fe_mul(&u, &p->z, &p->z);
    fe_mul_constant(&u, &u, CURVE_B3);
    fe_add(&yy8, &yy, &yy);
    fe_add(&yy8, &yy8, &yy8);
    fe_add(&yy8, &yy8, &yy8);
    fe_mul(&r->z, &yy8, &yz);
    fe_add(&t, &yy, &u);
    fe_mul(&yy8, &yy8, &u);
    fe_triple(&u, &u);
    fe_sub(&yy, &yy, &u);
    fe_mul(&r->y, &yy, &t);
    fe_add(&r->y, &r->y, &yy8);
    fe_mul(&r->x, &yy, &xy);
    fe_add(&r->x, &r->x, &r->x);
#else
    number xx, yy, zz, xy, yz, xz;
    fe_mul(&xx, &p->x, &p->x);
    fe_mul(&yy, &p->y, &p->y);
    fe_mul(&zz, &p->z, &p->z);
    fe_mul(&xy, &p->x, &p->y);
    fe_add(&xy, &xy, &xy);
    fe_mul(&yz, &p->y, &p->z);
    fe_add(&yz, &yz, &yz);
    fe_mul(&xz, &p->x, &p->z);
    fe_add(&xz, &xz, &xz);
    combine(r, &xx, &yy, &zz, &xy, &yz, &xz);
#endif
}

static bool is_infinite(const point *p) {
    return is_zero(&p->z);
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
