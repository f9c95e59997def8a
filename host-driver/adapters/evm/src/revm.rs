//! Precompiles of revm.
//!
//! Whatever no device could answer, the default implementation does. It also says what is wrong with
//! malformed points, so that the reasons are its own.

use chaincard::msm::{Checking, Curve, Msm, ScalarRule};
use chaincard::verify::Profile;
use chaincard::{Accelerator, Error, HashAlgorithm, Messages};
use revm_precompile::bls12_381::{G1Point, G1PointScalar, G2Point, G2PointScalar};
use revm_precompile::{Crypto, DefaultCrypto, PrecompileHalt};

use crate::{Provider, signatures};

/// Of EIP-196 and EIP-2537: points are checked, scalars are taken modulo r.
const MSM: Msm = Msm::new(ScalarRule::Reduce);

impl Crypto for Provider {
    fn sha256(&self, input: &[u8]) -> [u8; 32] {
        let mut digest = [0; 32];
        let messages = Messages::Slices(&[input]);
        match self.accelerator.hash_into(HashAlgorithm::Sha256, &messages, &mut digest) {
            Ok(_) => digest,
            Err(_) => DefaultCrypto.sha256(input),
        }
    }

    fn secp256k1_ecrecover(
        &self,
        sig: &[u8; 64],
        recid: u8,
        msg: &[u8; 32],
    ) -> Result<[u8; 32], PrecompileHalt> {
        match signatures::recover(&self.accelerator, sig, recid, msg) {
            Ok(Some(key)) => {
                let mut address = alloy_primitives::keccak256(key).0;
                address[..12].fill(0);
                Ok(address)
            }
            Ok(None) => Err(PrecompileHalt::Secp256k1RecoverFailed),
            Err(_) => DefaultCrypto.secp256k1_ecrecover(sig, recid, msg),
        }
    }

    fn secp256r1_verify_signature(&self, msg: &[u8; 32], sig: &[u8; 64], pk: &[u8; 64]) -> bool {
        signatures::verify(&self.accelerator, Profile::Rip7212, pk, sig, msg)
            .unwrap_or_else(|_| DefaultCrypto.secp256r1_verify_signature(msg, sig, pk))
    }

    fn bn254_g1_mul(&self, point: &[u8], scalar: &[u8]) -> Result<[u8; 64], PrecompileHalt> {
        match multiply(&self.accelerator, Curve::Bn254, point, scalar) {
            Ok(product) => Ok(product),
            Err(_) => DefaultCrypto.bn254_g1_mul(point, scalar),
        }
    }

    fn bls12_381_g1_msm(
        &self,
        pairs: &mut dyn Iterator<Item = Result<G1PointScalar, PrecompileHalt>>,
    ) -> Result<[u8; 96], PrecompileHalt> {
        // The first wrong pair decides, and one that cannot be read ends the list.
        let mut terms = Vec::with_capacity(pairs.size_hint().0);
        let mut unreadable = None;
        for pair in pairs {
            match pair {
                Ok(term) => terms.push(term),
                Err(halt) => {
                    unreadable = Some(Err(halt));
                    break;
                }
            }
        }
        if unreadable.is_none() {
            let points: Vec<u8> = terms.iter().flat_map(|((x, y), _)| [*x, *y]).flatten().collect();
            let scalars: Vec<u8> = terms.iter().flat_map(|(_, scalar)| *scalar).collect();
            if let Ok(sum) = multiply(&self.accelerator, Curve::Bls12_381, &points, &scalars) {
                return Ok(sum);
            }
        }
        DefaultCrypto.bls12_381_g1_msm(&mut terms.into_iter().map(Ok).chain(unreadable))
    }

    // What no device has.

    fn ripemd160(&self, input: &[u8]) -> [u8; 32] {
        DefaultCrypto.ripemd160(input)
    }

    fn bn254_g1_add(&self, p1: &[u8], p2: &[u8]) -> Result<[u8; 64], PrecompileHalt> {
        DefaultCrypto.bn254_g1_add(p1, p2)
    }

    fn bn254_pairing_check(&self, pairs: &[(&[u8], &[u8])]) -> Result<bool, PrecompileHalt> {
        DefaultCrypto.bn254_pairing_check(pairs)
    }

    fn modexp(&self, base: &[u8], exp: &[u8], modulus: &[u8]) -> Result<Vec<u8>, PrecompileHalt> {
        DefaultCrypto.modexp(base, exp, modulus)
    }

    fn blake2_compress(&self, rounds: u32, h: &mut [u64; 8], m: &[u64; 16], t: &[u64; 2], f: bool) {
        DefaultCrypto.blake2_compress(rounds, h, m, t, f);
    }

    fn verify_kzg_proof(
        &self,
        z: &[u8; 32],
        y: &[u8; 32],
        commitment: &[u8; 48],
        proof: &[u8; 48],
    ) -> Result<(), PrecompileHalt> {
        DefaultCrypto.verify_kzg_proof(z, y, commitment, proof)
    }

    fn bls12_381_g1_add(&self, a: G1Point, b: G1Point) -> Result<[u8; 96], PrecompileHalt> {
        DefaultCrypto.bls12_381_g1_add(a, b)
    }

    fn bls12_381_g2_add(&self, a: G2Point, b: G2Point) -> Result<[u8; 192], PrecompileHalt> {
        DefaultCrypto.bls12_381_g2_add(a, b)
    }

    fn bls12_381_g2_msm(
        &self,
        pairs: &mut dyn Iterator<Item = Result<G2PointScalar, PrecompileHalt>>,
    ) -> Result<[u8; 192], PrecompileHalt> {
        DefaultCrypto.bls12_381_g2_msm(pairs)
    }

    fn bls12_381_pairing_check(
        &self,
        pairs: &[(G1Point, G2Point)],
    ) -> Result<bool, PrecompileHalt> {
        DefaultCrypto.bls12_381_pairing_check(pairs)
    }

    fn bls12_381_fp_to_g1(&self, fp: &[u8; 48]) -> Result<[u8; 96], PrecompileHalt> {
        DefaultCrypto.bls12_381_fp_to_g1(fp)
    }

    fn bls12_381_fp2_to_g2(&self, fp2: ([u8; 48], [u8; 48])) -> Result<[u8; 192], PrecompileHalt> {
        DefaultCrypto.bls12_381_fp2_to_g2(fp2)
    }
}

/// The sum of products, in the encoding that library and precompiles share: x and y big-endian,
/// infinity all zeros.
///
/// # Errors
/// No device could answer, or a point breaks a rule.
fn multiply<const N: usize>(
    accelerator: &Accelerator,
    curve: Curve,
    points: &[u8],
    scalars: &[u8],
) -> Result<[u8; N], Option<Error>> {
    let sum = accelerator.msm_bytes(curve, points, Checking::Checked, scalars, MSM)?;
    sum.try_into().map_err(|_| None)
}
