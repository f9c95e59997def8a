//! The hash functions that have kernels.

pub(crate) const COMMON: &str = include_str!("kernels/common.cl");
pub(crate) const SHA256: &str = include_str!("kernels/sha256.cl");
pub(crate) const SHA512: &str = include_str!("kernels/sha512.cl");
pub(crate) const KECCAK: &str = include_str!("kernels/keccak.cl");
pub(crate) const SM3: &str = include_str!("kernels/sm3.cl");

/// A hash function that has a kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// SHA-256, FIPS 180-4.
    Sha256,
    /// SHA-512, FIPS 180-4.
    Sha512,
    /// Keccak-256 with the original padding, as Ethereum uses it.
    Keccak256,
    /// SHA3-256, FIPS 202.
    Sha3_256,
    /// SM3, GB/T 32905-2016.
    Sm3,
}

impl Algorithm {
    /// Every algorithm, in the order of declaration.
    pub const ALL: [Self; 5] =
        [Self::Sha256, Self::Sha512, Self::Keccak256, Self::Sha3_256, Self::Sm3];

    /// Bytes in a digest: 32 or 64.
    pub const fn digest_len(self) -> usize {
        match self {
            Self::Sha512 => 64,
            _ => 32,
        }
    }

    /// Bytes in a block: a message is cut at its multiples only.
    pub(crate) const fn block_len(self) -> usize {
        match self {
            Self::Sha256 | Self::Sm3 => 64,
            Self::Sha512 => 128,
            Self::Keccak256 | Self::Sha3_256 => 136,
        }
    }

    pub(crate) const fn kernel_name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
            Self::Keccak256 => "keccak256",
            Self::Sha3_256 => "sha3_256",
            Self::Sm3 => "sm3",
        }
    }

    /// The OpenCL C text that has the kernel.
    pub(crate) fn source(self) -> String {
        let own = match self {
            Self::Sha256 => SHA256,
            Self::Sha512 => SHA512,
            Self::Keccak256 | Self::Sha3_256 => KECCAK,
            Self::Sm3 => SM3,
        };
        format!("{COMMON}\n{own}")
    }
}

#[cfg(test)]
mod tests {
    use chaincard_reference::params::{keccak, sha2, sm3};

    use super::*;

    /// The numbers that initialise `__constant … name[…] = { … };`.
    fn table(source: &str, name: &str) -> Vec<u64> {
        let declaration = source
            .split("__constant ")
            .find(|text| text.split(['[', ' ']).nth(1) == Some(name))
            .unwrap_or_else(|| panic!("no table {name}"));
        let start = declaration.find('=').expect("an initialiser");
        let end = declaration.find(';').expect("an end");
        declaration[start + 1..end]
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(|word| {
                let word = word.trim_end_matches("UL");
                match word.strip_prefix("0x") {
                    Some(hex) => u64::from_str_radix(hex, 16).expect("a number"),
                    None => word.parse().expect("a number"),
                }
            })
            .collect()
    }

    fn wide(values: &[u32]) -> Vec<u64> {
        values.iter().copied().map(u64::from).collect()
    }

    /// How many tables a source has: none may stay uncompared.
    fn tables(source: &str) -> usize {
        source.matches("__constant ").count()
    }

    #[test]
    fn constants_of_sha256_are_those_of_the_standard() {
        assert_eq!(table(SHA256, "SHA256_IV"), wide(&sha2::SHA256_IV));
        assert_eq!(table(SHA256, "SHA256_K"), wide(&sha2::SHA256_K));
        assert_eq!(table(SHA256, "SHA256_BIG_SIGMA_0"), wide(&sha2::SHA256_BIG_SIGMA_0));
        assert_eq!(table(SHA256, "SHA256_BIG_SIGMA_1"), wide(&sha2::SHA256_BIG_SIGMA_1));
        assert_eq!(table(SHA256, "SHA256_SMALL_SIGMA_0"), wide(&sha2::SHA256_SMALL_SIGMA_0));
        assert_eq!(table(SHA256, "SHA256_SMALL_SIGMA_1"), wide(&sha2::SHA256_SMALL_SIGMA_1));
        assert_eq!(tables(SHA256), 6);
        assert_eq!(Algorithm::Sha256.block_len(), sha2::SHA256_BLOCK_LEN);
    }

    #[test]
    fn constants_of_sha512_are_those_of_the_standard() {
        assert_eq!(table(SHA512, "SHA512_IV"), sha2::SHA512_IV);
        assert_eq!(table(SHA512, "SHA512_K"), sha2::SHA512_K);
        assert_eq!(table(SHA512, "SHA512_BIG_SIGMA_0"), wide(&sha2::SHA512_BIG_SIGMA_0));
        assert_eq!(table(SHA512, "SHA512_BIG_SIGMA_1"), wide(&sha2::SHA512_BIG_SIGMA_1));
        assert_eq!(table(SHA512, "SHA512_SMALL_SIGMA_0"), wide(&sha2::SHA512_SMALL_SIGMA_0));
        assert_eq!(table(SHA512, "SHA512_SMALL_SIGMA_1"), wide(&sha2::SHA512_SMALL_SIGMA_1));
        assert_eq!(tables(SHA512), 6);
        assert_eq!(Algorithm::Sha512.block_len(), sha2::SHA512_BLOCK_LEN);
    }

    #[test]
    fn constants_of_keccak_are_those_of_the_standard() {
        assert_eq!(table(KECCAK, "KECCAK_RC"), keccak::RC);
        assert_eq!(table(KECCAK, "KECCAK_ROTATION"), wide(&keccak::ROTATION.concat()));
        assert_eq!(tables(KECCAK), 2);
        assert_eq!(Algorithm::Keccak256.block_len(), keccak::RATE_256);
    }

    #[test]
    fn constants_of_sm3_are_those_of_the_standard() {
        assert_eq!(table(SM3, "SM3_IV"), wide(&sm3::IV));
        assert_eq!(table(SM3, "SM3_T"), wide(&[sm3::T_FIRST, sm3::T_SECOND]));
        assert_eq!(table(SM3, "SM3_P0"), wide(&sm3::P0));
        assert_eq!(table(SM3, "SM3_P1"), wide(&sm3::P1));
        assert_eq!(tables(SM3), 4);
        assert_eq!(Algorithm::Sm3.block_len(), sm3::BLOCK_LEN);
    }
}
