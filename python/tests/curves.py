"""G1 of the pairing curves by Python's integers; points are pairs of coordinates, infinity None."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Curve:
    """y**2 = x**3 + b modulo p; r is the order of G1, and x, y a point of G1."""

    p: int
    r: int
    x: int
    y: int
    size: int

    @property
    def generator(self):
        return (self.x, self.y)

    def add(self, one, other):
        if one is None or other is None:
            return one or other
        if one[0] == other[0]:
            if (one[1] + other[1]) % self.p == 0:
                return None
            slope = 3 * one[0] ** 2 * pow(2 * one[1], -1, self.p)
        else:
            slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, self.p)
        x = (slope**2 - one[0] - other[0]) % self.p
        return (x, (slope * (one[0] - x) - one[1]) % self.p)

    def times(self, scalar, point):
        product = None
        while scalar:
            if scalar & 1:
                product = self.add(product, point)
            point = self.add(point, point)
            scalar >>= 1
        return product

    def msm(self, scalars, points):
        total = None
        for scalar, point in zip(scalars, points):
            total = self.add(total, self.times(scalar % self.r, point))
        return total

    def encode(self, point):
        return b"".join(number.to_bytes(self.size // 2, "big") for number in point or (0, 0))


#: Parameters of EIP-196 and of draft-irtf-cfrg-pairing-friendly-curves-11, section 4.2.1; of
#: BLS12-377, from its polynomials.
CURVES = {
    "bn254": Curve(
        0x30644E72E131A029B85045B68181585D97816A916871CA8D3C208C16D87CFD47,
        0x30644E72E131A029B85045B68181585D2833E84879B9709143E1F593F0000001,
        1,
        2,
        64,
    ),
    "bls12-381": Curve(
        0x1A0111EA397FE69A4B1BA7B6434BACD764774B84F38512BF6730D2A0F6B0F6241EABFFFEB153FFFFB9FEFFFFFFFFAAAB,
        0x73EDA753299D7D483339D80809A1D80553BDA402FFFE5BFEFFFFFFFF00000001,
        0x17F1D3A73197D7942695638C4FA9AC0FC3688C4F9774B905A14E3A3F171BAC586C55E83FF97A1AEFFB3AF00ADB22C6BB,
        0x08B3F481E3AAA0F1A09E30ED741D8AE4FCF5E095D5D00AF600DB18CB2C04B3EDD03CC744A2888AE40CAA232946C5E7E1,
        96,
    ),
}
