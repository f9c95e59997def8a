// Points of y^2 = x^3 + ax + b over FIELD, a group of odd order: (X : Y : Z) stands for (X/Z, Y/Z),
// (0 : 1 : 0) for infinity. Complete formulas of Renes, Costello and Batina, 2015: they hold for
// all pairs of points, equal, opposite and infinite ones too. Coordinates are residues.
//
// From the host: FIELD, CURVE_B, CURVE_B3 = 3b (residues), and CURVE_A_IS_ZERO, otherwise a = -3.

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

// r = p + (x, y); r may be p.
static NOINLINE void add_affine(point *r, const point *p, const number *x, const number *y) {
    number xx, yy, zz, xy, yz, xz;
    fe_mul(&xx, &p->x, x);
    fe_mul(&yy, &p->y, y);
    zz = p->z;
    cross_sum(&xy, &p->x, &p->y, x, y, &xx, &yy);
    fe_mul(&yz, y, &p->z);
    fe_add(&yz, &yz, &p->y);
    fe_mul(&xz, x, &p->z);
    fe_add(&xz, &xz, &p->x);
    combine(r, &xx, &yy, &zz, &xy, &yz, &xz);
}

static bool is_infinite(const point *p) {
    return is_zero(&p->z);
}
