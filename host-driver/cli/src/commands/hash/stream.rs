//! Files too long for memory: hashed on this processor while they are read.

use std::io::{self, Read};

use chaincard::HashAlgorithm;
use sha2::Digest as _;

/// Digest of `head`, followed by the rest of `input`.
pub(super) fn digest(
    algorithm: HashAlgorithm,
    head: &[u8],
    input: &mut dyn Read,
) -> io::Result<Vec<u8>> {
    // keccak-asm has the traits of another version of the crate `digest` than the others.
    macro_rules! stream {
        ($hash:expr) => {{
            let mut hash = $hash;
            feed(head, input, &mut |bytes| hash.update(bytes))?;
            hash.finalize().to_vec()
        }};
    }
    Ok(match algorithm {
        HashAlgorithm::Sha256 => stream!(sha2::Sha256::new()),
        HashAlgorithm::Sha512 => stream!(sha2::Sha512::new()),
        HashAlgorithm::Sm3 => stream!(sm3::Sm3::new()),
        HashAlgorithm::Keccak256 | HashAlgorithm::Sha3_256 => {
            use keccak_asm::Digest as _;
            match algorithm {
                HashAlgorithm::Keccak256 => stream!(keccak_asm::Keccak256::new()),
                _ => stream!(keccak_asm::Sha3_256::new()),
            }
        }
    })
}

fn feed(head: &[u8], input: &mut dyn Read, update: &mut dyn FnMut(&[u8])) -> io::Result<()> {
    update(head);
    let mut buffer = vec![0; 1 << 20];
    loop {
        match input.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => update(&buffer[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use chaincard::{Accelerator, Messages};

    use super::*;

    #[test]
    fn streams_have_the_digests_of_messages() {
        let accelerator = Accelerator::open("cpu").expect("the CPU");
        let data: Vec<u8> = (0..3_000_001u32).map(|i| (i * 7 + i / 251) as u8).collect();
        for algorithm in HashAlgorithm::ALL {
            let expected =
                accelerator.hash_many(algorithm, &Messages::Slices(&[&data])).expect("a digest");
            for split in [0, 1, 1_000_000, data.len()] {
                let (head, mut rest) = data.split_at(split);
                let digest = digest(algorithm, head, &mut rest).expect("a digest");
                assert_eq!(digest, expected.as_bytes(), "{algorithm:?} {split}");
            }
        }
    }
}
