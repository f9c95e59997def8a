//! Every parameter, derived anew from its definition in the standard.

use chaincard_reference::params::{keccak, sha2, sm3};

/// The first `count` primes.
fn primes(count: usize) -> Vec<u64> {
    (2u64..).filter(|n| (2..*n).all(|d| n % d != 0)).take(count).collect()
}

/// Natural number of six 64-bit limbs, the least significant first.
type Wide = [u64; 6];

fn mul(a: &Wide, b: &Wide) -> Wide {
    let mut product = [0; 6];
    for (i, &x) in a.iter().enumerate() {
        let mut carry = 0u128;
        for (j, &y) in b.iter().enumerate() {
            if i + j >= 6 {
                assert!(x == 0 || y == 0, "product of more than 384 bits");
                continue;
            }
            let sum = u128::from(x) * u128::from(y) + u128::from(product[i + j]) + carry;
            product[i + j] = sum as u64;
            carry = sum >> 64;
        }
        assert_eq!(carry, 0, "product of more than 384 bits");
    }
    product
}

/// Whether a ≤ b.
fn at_most(a: &Wide, b: &Wide) -> bool {
    a.iter().rev().le(b.iter().rev())
}

/// n · 2^shift.
fn shifted(n: u64, shift: usize) -> Wide {
    let mut wide = [0; 6];
    wide[shift / 64] = n << (shift % 64);
    assert_eq!(wide[shift / 64] >> (shift % 64), n);
    wide
}

/// The first `bits` bits of the fractional part of the `degree`-th root of `n`: the low bits
/// of the largest r with r^degree ≤ n · 2^(degree · bits).
fn root_fraction(n: u64, degree: usize, bits: usize) -> u64 {
    let target = shifted(n, degree * bits);
    let mut root: Wide = [0; 6];
    for bit in (0..bits + 8).rev() {
        let mut trial = root;
        trial[bit / 64] |= 1 << (bit % 64);
        let mut power = trial;
        for _ in 1..degree {
            power = mul(&power, &trial);
        }
        if at_most(&power, &target) {
            root = trial;
        }
    }
    root[0] & (u64::MAX >> (64 - bits))
}

#[test]
fn sha2_initial_values_are_square_roots_of_primes() {
    for (i, prime) in primes(8).into_iter().enumerate() {
        assert_eq!(u64::from(sha2::SHA256_IV[i]), root_fraction(prime, 2, 32), "H{i} of SHA-256");
        assert_eq!(sha2::SHA512_IV[i], root_fraction(prime, 2, 64), "H{i} of SHA-512");
    }
}

#[test]
fn sha2_round_constants_are_cube_roots_of_primes() {
    for (t, prime) in primes(80).into_iter().enumerate() {
        let k = root_fraction(prime, 3, 64);
        assert_eq!(sha2::SHA512_K[t], k, "K{t} of SHA-512");
        if let Some(&k_256) = sha2::SHA256_K.get(t) {
            assert_eq!(u64::from(k_256), root_fraction(prime, 3, 32), "K{t} of SHA-256");
            assert_eq!(u64::from(k_256), k >> 32, "K{t}: SHA-256 has the high half of SHA-512's");
        }
    }
}

#[test]
fn sm3_round_constants_follow_from_two_words() {
    for j in 0..64 {
        let t: u32 = if j < 16 { 0x79cc4519 } else { 0x7a879d8a };
        assert_eq!(sm3::T_ROTATED[j], t.rotate_left(j as u32 % 32), "T{j}");
    }
}

/// rc(t) of FIPS 202, algorithm 5: x^t modulo x^8 + x^6 + x^5 + x^4 + 1, its constant term.
fn rc(t: usize) -> bool {
    let mut r: u16 = 1;
    for _ in 0..t % 255 {
        r <<= 1;
        if r & 0x100 != 0 {
            r ^= 0x171;
        }
    }
    r & 1 == 1
}

#[test]
fn keccak_round_constants_come_from_the_lfsr() {
    for (round, &constant) in keccak::RC.iter().enumerate() {
        let expected: u64 =
            (0..=6).filter(|j| rc(j + 7 * round)).map(|j| 1u64 << ((1 << j) - 1)).sum();
        assert_eq!(constant, expected, "RC of round {round}");
    }
}

#[test]
fn keccak_rotations_are_triangular_numbers_along_the_walk() {
    // FIPS 202, algorithm 2: (x, y) = (1, 0), then (y, 2x + 3y) for each t.
    let mut expected = [[0; 5]; 5];
    let (mut x, mut y) = (1, 0);
    for t in 0..24u32 {
        expected[x][y] = (t + 1) * (t + 2) / 2 % 64;
        (x, y) = (y, (2 * x + 3 * y) % 5);
    }
    assert_eq!(keccak::ROTATION, expected);
}

#[test]
fn keccak_rate_and_padding_follow_from_capacity_and_suffix() {
    assert_eq!(keccak::RATE_256, 136);
    assert_eq!(keccak::LANES * 64, 1600);
    // Bits leave a byte from the least significant one: suffix 01, then the 1 of pad10*1.
    assert_eq!(keccak::DOMAIN_SHA3, 0b110);
    assert_eq!(keccak::DOMAIN_KECCAK, 0b1);
}

#[test]
fn pairing_curves_are_those_of_arkworks() {
    use ark_ec::short_weierstrass::SWCurveConfig;
    use ark_ec::{AffineRepr, CurveConfig};
    use ark_ff::{Field, PrimeField};
    use chaincard_reference::params::pairing::{BLS12_377, BLS12_381, BN254, PairingCurve};

    fn check<C: SWCurveConfig<BaseField: PrimeField>>(curve: &PairingCurve) {
        let number = |hex: &str| num_bigint::BigUint::parse_bytes(hex.as_bytes(), 16).unwrap();
        let p: num_bigint::BigUint = C::BaseField::MODULUS.into();
        let r: num_bigint::BigUint = <C as CurveConfig>::ScalarField::MODULUS.into();
        assert_eq!((number(curve.p), number(curve.r)), (p, r));
        // b follows from the generator: y² − x³.
        let (x, y) = C::GENERATOR.xy().unwrap();
        assert_eq!(y.square() - x.square() * x, curve.b.into());
    }

    check::<ark_bn254::g1::Config>(&BN254);
    check::<ark_bls12_381::g1::Config>(&BLS12_381);
    check::<ark_bls12_377::g1::Config>(&BLS12_377);
}
