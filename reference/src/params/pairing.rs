//! G1 of the pairing curves: y² = x³ + b over the numbers modulo p, with a group of prime order r.
//! `docs/msm.md` has the sources; p and r are polynomials of one number t.

/// A curve's parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PairingCurve {
    /// p in hexadecimal digits.
    pub p: &'static str,
    /// r in hexadecimal digits.
    pub r: &'static str,
    /// b.
    pub b: u64,
}

/// BN254: EIP-196, where it is `alt_bn128`.
pub const BN254: PairingCurve = PairingCurve {
    p: "30644E72E131A029B85045B68181585D97816A916871CA8D3C208C16D87CFD47",
    r: "30644E72E131A029B85045B68181585D2833E84879B9709143E1F593F0000001",
    b: 3,
};

/// BLS12-381: draft-irtf-cfrg-pairing-friendly-curves-11, section 4.2.1.
pub const BLS12_381: PairingCurve = PairingCurve {
    p: "1A0111EA397FE69A4B1BA7B6434BACD764774B84F38512BF\
        6730D2A0F6B0F6241EABFFFEB153FFFFB9FEFFFFFFFFAAAB",
    r: "73EDA753299D7D483339D80809A1D80553BDA402FFFE5BFEFFFFFFFF00000001",
    b: 4,
};

/// BLS12-377: Zexe (IACR ePrint 2018/962).
pub const BLS12_377: PairingCurve = PairingCurve {
    p: "1AE3A4617C510EAC63B05C06CA1493B1A22D9F300F5138F\
        1EF3622FBA094800170B5D44300000008508C00000000001",
    r: "12AB655E9A2CA55660B44D1E5C37B00159AA76FED00000010A11800000000001",
    b: 1,
};
