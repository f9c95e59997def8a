//! KZG commitments of blobs (EIP-4844): a multiplication with the bases of Ethereum's trusted
//! setup.

use std::sync::OnceLock;

use super::{Bases, Checking, Curve, Msm, SCALAR_BYTES, ScalarRule, bls12_381};

/// Bytes of a blob: 4,096 numbers of 32 bytes, big-endian.
pub const BLOB_BYTES: usize = 131_072;

/// The 4,096 points of G1 of Ethereum's trusted setup in Lagrange form, in the order of the
/// ceremony, compressed: `g1_lagrange` of `presets/mainnet/trusted_setups/trusted_setup_4096.json`
/// in ethereum/consensus-specs, taken byte for byte from `g1_lagrange_bytes.bin` of the crate
/// `c-kzg` 2.1.8. SHA-256:
/// 52c7615a9bd3eb20df67eb5a81ee701c96787c82a5ff638740b54fbadfde960b
static LAGRANGE: &[u8; POINTS * COMPRESSED] = include_bytes!("g1_lagrange.bin");

const POINTS: usize = BLOB_BYTES / SCALAR_BYTES;

/// Bytes of a compressed point.
const COMPRESSED: usize = 48;

/// Why a blob has no commitment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum BlobError {
    /// It is shorter or longer than [`BLOB_BYTES`].
    #[error("a blob has {BLOB_BYTES} bytes, not {0}")]
    Length(usize),
    /// The field element of this index, counted from 0, is not below r.
    #[error("field element {0} is not below r")]
    FieldElement(usize),
}

/// The commitment of a blob, `blob_to_kzg_commitment` of EIP-4844: a compressed point of BLS12-381.
///
/// The bases are decompressed once, at the first call, which takes that much longer than others.
///
/// # Errors
/// Those of [`BlobError`]; the length comes first, then the first field element that breaks the
/// rule.
pub fn blob_to_kzg_commitment(blob: &[u8]) -> Result<[u8; COMPRESSED], BlobError> {
    let scalars = field_elements(blob)?;
    Ok(bls12_381::compress(&blob_bases().multiply(0, scalars, Msm::DEFAULT_CHUNK)))
}

/// The numbers of a blob, which keeps the rules: as many as there are bases, below r.
pub(crate) fn field_elements(blob: &[u8]) -> Result<&[[u8; SCALAR_BYTES]], BlobError> {
    if blob.len() != BLOB_BYTES {
        return Err(BlobError::Length(blob.len()));
    }
    let (scalars, _) = blob.as_chunks();
    match Msm::new(ScalarRule::Refuse).refused(Curve::Bls12_381, scalars) {
        Some(index) => Err(BlobError::FieldElement(index)),
        None => Ok(scalars),
    }
}

/// The points in bit-reversed order, as the field elements of a blob are.
pub(crate) fn blob_bases() -> &'static Bases {
    static BASES: OnceLock<Bases> = OnceLock::new();
    BASES.get_or_init(|| {
        let (points, _) = LAGRANGE.as_chunks::<COMPRESSED>();
        let bytes: Vec<u8> = (0..POINTS)
            .flat_map(|index| {
                let place = index.reverse_bits() >> (usize::BITS - POINTS.ilog2());
                bls12_381::decompress(&points[place]).expect("the setup is made of points")
            })
            .collect();
        Bases::new(Curve::Bls12_381, &bytes, Checking::Unchecked).expect("they are below p")
    })
}
