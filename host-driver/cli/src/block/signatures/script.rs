//! Scripts that are recognised, and their parts.

use bitcoin::hashes::{Hash, hash160};
use bitcoin::opcodes::all as op;
use bitcoin::script::{Instruction, PushBytes};
use bitcoin::{Script, ScriptBuf};

/// What OP_1 ... OP_16 leave on the stack, and behind them OP_1NEGATE.
const SMALL: [u8; 17] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 0x81];

/// What a script of nothing but pushes leaves on the stack, top last; `None` for other scripts.
pub(super) fn pushes(script: &Script) -> Option<Vec<&[u8]>> {
    script
        .instructions()
        .map(|instruction| match instruction {
            Ok(Instruction::PushBytes(bytes)) => Some(bytes.as_bytes()),
            Ok(Instruction::Op(op::OP_PUSHNUM_NEG1)) => Some(&SMALL[16..]),
            Ok(Instruction::Op(opcode)) => {
                let number = usize::from(opcode.to_u8().wrapping_sub(op::OP_PUSHNUM_1.to_u8()));
                (number < 16).then(|| &SMALL[number..=number])
            }
            Err(_) => None,
        })
        .collect()
}

/// A script whose only condition is one of signatures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Template<'a> {
    /// `<key> OP_CHECKSIG`
    Key(&'a [u8]),
    /// `OP_DUP OP_HASH160 <hash> OP_EQUALVERIFY OP_CHECKSIG`
    KeyHash([u8; 20]),
    /// `OP_m <key> … <key> OP_n OP_CHECKMULTISIG`, 1 <= m <= n <= 16; keys of any length.
    Multisig { required: usize, keys: Vec<&'a [u8]> },
}

impl<'a> Template<'a> {
    /// `None` for scripts of other forms.
    pub(super) fn of(script: &'a Script) -> Option<Self> {
        if script.is_p2pkh() {
            return Some(Self::KeyHash(script.as_bytes()[3..23].try_into().ok()?));
        }
        let instructions: Vec<_> = script.instructions().collect::<Result<_, _>>().ok()?;
        match instructions.as_slice() {
            [Instruction::PushBytes(key), Instruction::Op(op::OP_CHECKSIG)] => {
                Some(Self::Key(key.as_bytes()))
            }
            [
                Instruction::Op(required),
                keys @ ..,
                Instruction::Op(count),
                Instruction::Op(op::OP_CHECKMULTISIG),
            ] => {
                let keys: Vec<&[u8]> = keys
                    .iter()
                    .map(|key| match *key {
                        Instruction::PushBytes(key) => Some(key.as_bytes()),
                        Instruction::Op(_) => None,
                    })
                    .collect::<Option<_>>()?;
                let (required, count) = (small(required.to_u8())?, small(count.to_u8())?);
                (required <= count && count == keys.len())
                    .then_some(Self::Multisig { required, keys })
            }
            _ => None,
        }
    }

    /// Elements that it takes from the stack.
    fn takes(&self) -> usize {
        match self {
            Self::Key(_) => 1,
            Self::KeyHash(_) => 2,
            Self::Multisig { required, .. } => required + 1,
        }
    }

    /// Signatures and keys of the stack's top, each in the order of the script.
    ///
    /// # Errors
    /// Why no signatures can make the script true.
    pub(super) fn claim(self, stack: &[&'a [u8]]) -> Result<Pairing<'a>, &'static str> {
        let first = stack.len().checked_sub(self.takes());
        let top = first.map(|first| &stack[first..]).ok_or("too few elements on the stack")?;
        match self {
            Self::Key(key) => Ok(Pairing { signatures: vec![top[0]], keys: vec![key] }),
            Self::KeyHash(hash) => {
                if hash160::Hash::hash(top[1]).to_byte_array() != hash {
                    return Err("the key has another hash than the script");
                }
                Ok(Pairing { signatures: vec![top[0]], keys: vec![top[1]] })
            }
            // The element below the signatures is taken and not looked at.
            Self::Multisig { keys, .. } => Ok(Pairing { signatures: top[1..].to_vec(), keys }),
        }
    }

    /// As [`claim`](Self::claim), for witnesses: nothing may be left on the stack (BIP 141).
    ///
    /// # Errors
    /// As [`claim`](Self::claim).
    pub(super) fn claim_all(self, stack: &[&'a [u8]]) -> Result<Pairing<'a>, &'static str> {
        if stack.len() > self.takes() {
            return Err("elements are left on the stack");
        }
        self.claim(stack)
    }
}

fn small(opcode: u8) -> Option<usize> {
    let number = opcode.checked_sub(op::OP_PUSHNUM_1.to_u8())?;
    (number < 16).then_some(usize::from(number) + 1)
}

/// Signatures, each with the byte of its hash type, and the keys among which each finds its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pairing<'a> {
    pub(super) signatures: Vec<&'a [u8]>,
    pub(super) keys: Vec<&'a [u8]>,
}

impl Pairing<'_> {
    /// Places (signature, key) that may decide: signature i can only match key i or one of the
    /// n - m keys behind it, because those in front and behind need keys as well.
    pub(super) fn places(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let spare = self.keys.len().saturating_sub(self.signatures.len());
        (0..self.signatures.len()).flat_map(move |i| (i..=i + spare).map(move |j| (i, j)))
    }

    /// OP_CHECKMULTISIG: every signature matches a key, in the same order. With one signature
    /// and one key this is OP_CHECKSIG.
    pub(super) fn holds(&self, matches: impl Fn(usize, usize) -> bool) -> bool {
        let mut keys = 0..self.keys.len();
        (0..self.signatures.len()).all(|signature| keys.any(|key| matches(signature, key)))
    }
}

/// The script without the pushes of `signatures`: what signatures of inputs without witness
/// sign (FindAndDelete).
pub(super) fn without(script: &Script, signatures: &[&[u8]]) -> ScriptBuf {
    let deleted: Vec<ScriptBuf> = signatures
        .iter()
        .filter_map(|signature| <&PushBytes>::try_from(*signature).ok())
        .map(|push| ScriptBuf::builder().push_slice(push).into_script())
        .collect();
    let starts: Vec<usize> =
        script.instruction_indices().map_while(Result::ok).map(|(start, _)| start).collect();
    let ends = starts.iter().skip(1).copied().chain([script.len()]);
    let kept = starts
        .iter()
        .zip(ends)
        .map(|(&start, end)| &script.as_bytes()[start..end])
        .filter(|bytes| !deleted.iter().any(|deleted| deleted.as_bytes() == *bytes));
    ScriptBuf::from(kept.collect::<Vec<_>>().concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pushes_and_small_numbers() {
        let script = ScriptBuf::from(vec![0x00, 0x51, 0x60, 0x4f, 0x02, 7, 8, 0x4c, 1, 9]);
        let expected: [&[u8]; 6] = [&[], &[1], &[16], &[0x81], &[7, 8], &[9]];
        assert_eq!(pushes(&script), Some(expected.to_vec()));
        for bad in [&[0x61][..], &[0x50], &[0xac], &[2, 1], &[0x4d, 1]] {
            assert_eq!(pushes(Script::from_bytes(bad)), None, "{bad:?}");
        }
    }

    #[test]
    fn multisig_forms() {
        let of = |bytes: &[u8]| match Template::of(Script::from_bytes(bytes)) {
            Some(Template::Multisig { required, keys }) => Some((required, keys.len())),
            _ => None,
        };
        assert_eq!(of(&[0x51, 1, 7, 0x51, 0xae]), Some((1, 1)));
        assert_eq!(of(&[0x51, 1, 7, 0, 0x52, 0xae]), Some((1, 2)));
        assert_eq!(of(&[0x52, 1, 7, 0x51, 0xae]), None);
        assert_eq!(of(&[0x51, 1, 7, 0x52, 0xae]), None);
        assert_eq!(of(&[0x00, 1, 7, 0x51, 0xae]), None);
        assert_eq!(of(&[0x51, 1, 7, 0x51, 0x75, 0xae]), None);
        assert_eq!(of(&[0x51, 0xae]), None);
    }

    #[test]
    fn signatures_find_keys_in_order() {
        let pairing = |m: usize, n: usize| Pairing { signatures: vec![&[]; m], keys: vec![&[]; n] };
        let pairs = |list: &'static [(usize, usize)]| move |i, j| list.contains(&(i, j));
        assert!(pairing(2, 3).holds(pairs(&[(0, 0), (1, 2)])));
        assert!(pairing(2, 3).holds(pairs(&[(0, 1), (1, 2)])));
        assert!(!pairing(2, 3).holds(pairs(&[(0, 2), (1, 1)])));
        assert!(!pairing(2, 3).holds(pairs(&[(0, 1), (1, 1)])));
        assert!(!pairing(2, 3).holds(pairs(&[(0, 0)])));
        assert!(!pairing(2, 1).holds(|_, _| true));
        assert!(pairing(16, 16).holds(|i, j| i == j));
        let places: Vec<_> = pairing(2, 3).places().collect();
        assert_eq!(places, [(0, 0), (0, 1), (1, 1), (1, 2)]);
        // Places that `places` leaves out never decide.
        for (m, n) in [(1, 1), (1, 4), (2, 3), (2, 4), (3, 3)] {
            let pairing = pairing(m, n);
            let places: Vec<_> = pairing.places().collect();
            for bits in 0..1u32 << (m * n) {
                let all = |i: usize, j: usize| bits >> (i * n + j) & 1 == 1;
                let some = |i, j| all(i, j) && places.contains(&(i, j));
                assert_eq!(pairing.holds(all), pairing.holds(some), "{m} of {n}: {bits:b}");
            }
        }
    }

    #[test]
    fn pushed_signatures_are_deleted() {
        let script = Script::from_bytes(&[0x51, 2, 7, 8, 3, 2, 7, 8, 0x00, 0x4c, 2, 7, 8, 0xae]);
        let without = |signatures: &[&[u8]]| without(script, signatures).to_bytes();
        assert_eq!(without(&[&[7, 8]]), [0x51, 3, 2, 7, 8, 0x00, 0x4c, 2, 7, 8, 0xae]);
        assert_eq!(without(&[&[], &[2, 7, 8]]), [0x51, 2, 7, 8, 0x4c, 2, 7, 8, 0xae]);
        assert_eq!(without(&[&[9]]), script.as_bytes());
    }
}
