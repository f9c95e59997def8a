//! The libraries that nodes use today, each behind the one call that all of them share.

use aws_lc_rs::digest as aws;
use chaincard::HashAlgorithm;
use rayon::prelude::*;

/// A library's implementation of one algorithm.
#[derive(Clone, Copy, Debug)]
pub struct Peer {
    /// Name of the crate.
    pub name: &'static str,
    /// Algorithm.
    pub algorithm: HashAlgorithm,
    batch: fn(messages: &[u8], len: usize, digests: &mut [u8]),
}

impl Peer {
    /// Every library that has `algorithm`.
    pub fn of(algorithm: HashAlgorithm) -> Vec<Self> {
        let peer = |name, batch| Self { name, algorithm, batch };
        match algorithm {
            HashAlgorithm::Sha256 => vec![peer("sha2", sha2_256), peer("aws-lc-rs", aws_sha256)],
            HashAlgorithm::Sha512 => vec![peer("sha2", sha2_512), peer("aws-lc-rs", aws_sha512)],
            HashAlgorithm::Keccak256 => vec![peer("keccak-asm", asm_keccak256)],
            HashAlgorithm::Sha3_256 => {
                vec![peer("keccak-asm", asm_sha3_256), peer("aws-lc-rs", aws_sha3_256)]
            }
            HashAlgorithm::Sm3 => vec![peer("sm3", sm3), peer("sm-crypto", sm_crypto)],
        }
    }

    /// Digests of the `len`-byte messages that lie back to back in `messages`, back to back
    /// in `digests`, on all threads of the current rayon pool.
    ///
    /// # Panics
    /// When `len` is 0 or the buffers do not fit each other.
    pub fn hash(&self, messages: &[u8], len: usize, digests: &mut [u8]) {
        let digest_len = self.algorithm.digest_len();
        let count = messages.len() / len;
        assert!(count * len == messages.len() && count * digest_len == digests.len());
        let share = count.div_ceil(rayon::current_num_threads()).max(1);
        if share >= count {
            return (self.batch)(messages, len, digests);
        }
        messages
            .par_chunks(share * len)
            .zip(digests.par_chunks_mut(share * digest_len))
            .for_each(|(messages, digests)| (self.batch)(messages, len, digests));
    }
}

/// A batch function around `$digest`, an expression of one message; the loop is compiled
/// together with the library's call, as a node's would be.
macro_rules! batch {
    ($name:ident, |$message:ident| $digest:expr) => {
        fn $name(messages: &[u8], len: usize, digests: &mut [u8]) {
            let digest_len = digests.len() / (messages.len() / len);
            let outputs = digests.chunks_exact_mut(digest_len);
            for ($message, output) in messages.chunks_exact(len).zip(outputs) {
                output.copy_from_slice($digest.as_ref());
            }
        }
    };
}

batch!(sha2_256, |m| <sha2::Sha256 as sha2::Digest>::digest(m));
batch!(sha2_512, |m| <sha2::Sha512 as sha2::Digest>::digest(m));
batch!(aws_sha256, |m| aws::digest(&aws::SHA256, m));
batch!(aws_sha512, |m| aws::digest(&aws::SHA512, m));
batch!(aws_sha3_256, |m| aws::digest(&aws::SHA3_256, m));
batch!(asm_keccak256, |m| <keccak_asm::Keccak256 as keccak_asm::Digest>::digest(m));
batch!(asm_sha3_256, |m| <keccak_asm::Sha3_256 as keccak_asm::Digest>::digest(m));
batch!(sm3, |m| <sm3::Sm3 as sm3::Digest>::digest(m));
batch!(sm_crypto, |m| sm_crypto::sm3::sm3_hash_raw(m));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_algorithm_has_a_peer_and_threads_change_nothing() {
        let messages: Vec<u8> = (0..200 * 33).map(|i: usize| (i * 7) as u8).collect();
        for algorithm in HashAlgorithm::ALL {
            let peers = Peer::of(algorithm);
            assert!(!peers.is_empty(), "{algorithm:?}");
            let mut outputs = Vec::new();
            for threads in [1, 3] {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                for peer in &peers {
                    let mut digests = vec![0; 33 * algorithm.digest_len()];
                    pool.install(|| peer.hash(&messages, 200, &mut digests));
                    outputs.push(digests);
                }
            }
            assert!(outputs.windows(2).all(|pair| pair[0] == pair[1]), "{algorithm:?}");
        }
    }
}
