//! Merkle trees of Bitcoin: nodes are double SHA-256 of two nodes, the last one of an odd
//! level stands for two.

use super::digest::{Digest, Hasher};

/// Root of a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Root {
    /// The root.
    pub(crate) digest: Digest,
    /// Two neighbours are equal: a list with its end repeated has the same root, so that the
    /// root does not vouch for the list (CVE-2012-2459).
    pub(crate) ambiguous: bool,
}

/// The root over `leaves`; `None` when there is no leaf.
pub(crate) fn root(
    leaves: &[Digest],
    hasher: &mut Hasher<'_>,
) -> Result<Option<Root>, chaincard::Error> {
    let mut level = leaves.to_vec();
    let mut ambiguous = false;
    while level.len() > 1 {
        ambiguous |= level.chunks_exact(2).any(|pair| pair[0] == pair[1]);
        let pairs = level.chunks(2).map(|pair| [pair[0], *pair.last().unwrap_or(&pair[0])]);
        let data: Vec<u8> = pairs.flatten().flatten().collect();
        let ends: Vec<usize> = (1..=data.len() / 64).map(|pair| pair * 64).collect();
        level = hasher.double(&data, &ends)?;
    }
    Ok(level.first().map(|&digest| Root { digest, ambiguous }))
}

#[cfg(test)]
mod tests {
    use bitcoin::hashes::{Hash, sha256d};
    use chaincard::Accelerator;

    use super::*;

    fn root_of(leaves: &[Digest]) -> Option<Root> {
        let accelerator = Accelerator::open("cpu:1").expect("the CPU");
        root(leaves, &mut Hasher::new(&accelerator, &|_| {})).expect("digests")
    }

    fn leaves(count: u8) -> Vec<Digest> {
        (0..count).map(|i| [i + 1; 32]).collect()
    }

    #[test]
    fn roots_are_those_of_the_bitcoin_crate() {
        assert_eq!(root_of(&[]), None);
        for count in 1..=65 {
            let leaves = leaves(count);
            let hashes = leaves.iter().map(|&leaf| sha256d::Hash::from_byte_array(leaf));
            let expected = bitcoin::merkle_tree::calculate_root(hashes).expect("a root");
            let digest = expected.to_byte_array();
            assert_eq!(root_of(&leaves), Some(Root { digest, ambiguous: false }), "{count}");
        }
    }

    #[test]
    fn repeated_ends_have_the_same_root_and_are_seen() {
        // 1 2 3 → 1 2 3 3; 1 2 3 4 5 6 → 1 2 3 4 5 6 5 6; and so on for every such end.
        for count in 1..=40u8 {
            let list = leaves(count);
            let honest = root_of(&list).expect("a root");
            for width in [1, 2, 4, 8, 16] {
                if !list.len().is_multiple_of(width) || (list.len() / width).is_multiple_of(2) {
                    continue;
                }
                let mut forged = list.clone();
                forged.extend_from_slice(&list[list.len() - width..]);
                let forged = root_of(&forged).expect("a root");
                if list.len() > width {
                    assert_eq!(forged.digest, honest.digest, "{count} {width}");
                }
                assert!(forged.ambiguous, "{count} {width}");
            }
        }
    }
}
