//! Input and previous output → what its signatures claim, or why there is nothing to check.

use std::borrow::Cow;

use bitcoin::hashes::{Hash, sha256};
use bitcoin::{Amount, Script, ScriptBuf, TxIn, TxOut};
use serde::Serialize;

use super::script::{Pairing, Template, pushes};

/// Why the signatures of an input were not checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reason {
    /// It spends no output.
    Coinbase,
    /// Its witness signs the amount of a previous output that is not known.
    AmountUnknown,
    /// Its script is in a previous output that is not known.
    ScriptUnknown,
    /// Schnorr signatures (BIP 340).
    Taproot,
    /// Its script is none of the recognised ones, or it runs more than pushes.
    ScriptUnsupported,
    /// No strict DER, in a block from before BIP 66.
    LaxEncoding,
    /// Behind the `--limit`.
    Limit,
    /// The device does not verify.
    DeviceUnable,
}

impl Reason {
    /// One line for people.
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::Coinbase => "coinbase, signs nothing",
            Self::AmountUnknown => "the witness signs an amount that is not known (--prevouts)",
            Self::ScriptUnknown => "the previous output's script is not known (--prevouts)",
            Self::Taproot => "taproot: Schnorr signatures are not supported",
            Self::ScriptUnsupported => "script of a form that is not supported",
            Self::LaxEncoding => "not strict DER, in a block from before BIP 66",
            Self::Limit => "behind the --limit",
            Self::DeviceUnable => "the device does not verify secp256k1",
        }
    }
}

/// What is signed, beside the transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Signed<'a> {
    /// The script, without the signatures that it may hold.
    Base(Cow<'a, Script>),
    /// BIP 143: script and amount.
    Witness(Cow<'a, Script>, Amount),
}

/// What an input says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Spend<'a> {
    /// These signatures are by these keys.
    Claim(Pairing<'a>, Signed<'a>),
    /// Something that no signature makes true.
    Wrong(&'static str),
    /// Nothing that is known well enough.
    Unchecked(Reason),
}

/// Reads an input; `previous` is the output that it spends, when that is known.
pub(super) fn spend<'a>(input: &'a TxIn, previous: Option<&'a TxOut>) -> Spend<'a> {
    if input.previous_output.is_null() {
        return Spend::Unchecked(Reason::Coinbase);
    }
    match previous {
        Some(previous) => known(input, previous),
        None => unknown(input),
    }
}

/// The previous output's script decides.
fn known<'a>(input: &'a TxIn, previous: &'a TxOut) -> Spend<'a> {
    let script = previous.script_pubkey.as_script();
    if script.is_witness_program() {
        return witness(input, script, Some(previous.value));
    }
    let Some(stack) = pushes(&input.script_sig) else {
        return Spend::Unchecked(Reason::ScriptUnsupported);
    };
    if !script.is_p2sh() {
        return base(script, &stack);
    }
    let Some((redeem, stack)) = stack.split_last() else {
        return Spend::Wrong("too few elements on the stack");
    };
    let redeem = Script::from_bytes(redeem);
    if redeem.script_hash().as_byte_array() != &script.as_bytes()[2..22] {
        return Spend::Wrong("the redeem script has another hash than the previous output");
    }
    match redeem.is_witness_program() {
        true => witness(input, redeem, Some(previous.value)),
        false => base(redeem, stack),
    }
}

/// The form of the input tells what the previous output is: that of a key's hash, or that of the
/// hash of a script that the input has with it.
fn unknown(input: &TxIn) -> Spend<'_> {
    let Some(stack) = pushes(&input.script_sig) else {
        return Spend::Unchecked(Reason::ScriptUnknown);
    };
    if let [signature, key] = *stack
        && looks_like_key_hash(signature, key)
    {
        let pairing = Pairing { signatures: vec![signature], keys: vec![key] };
        let hash = bitcoin::PubkeyHash::hash(key);
        return Spend::Claim(pairing, Signed::Base(Cow::Owned(ScriptBuf::new_p2pkh(&hash))));
    }
    let Some((redeem, stack)) = stack.split_last() else {
        let reason =
            if input.witness.is_empty() { Reason::ScriptUnknown } else { Reason::AmountUnknown };
        return Spend::Unchecked(reason);
    };
    let redeem = Script::from_bytes(redeem);
    if redeem.is_witness_program() && stack.is_empty() && !input.witness.is_empty() {
        return witness(input, redeem, None);
    }
    match Template::of(redeem) {
        Some(_) => base(redeem, stack),
        None => Spend::Unchecked(Reason::ScriptUnknown),
    }
}

/// Whether two elements are a signature and a key, one of which may be damaged.
fn looks_like_key_hash(signature: &[u8], key: &[u8]) -> bool {
    let shape = (9..=73).contains(&signature.len()) && [33, 65].contains(&key.len());
    let der = || signature[0] == 0x30 && usize::from(signature[1]) + 3 == signature.len();
    let prefix = || match key.len() {
        33 => matches!(key[0], 2 | 3),
        _ => matches!(key[0], 4 | 6 | 7),
    };
    shape && (der() || prefix())
}

fn base<'a>(script: &'a Script, stack: &[&'a [u8]]) -> Spend<'a> {
    let Some(template) = Template::of(script) else {
        return Spend::Unchecked(Reason::ScriptUnsupported);
    };
    match template.claim(stack) {
        Ok(pairing) => {
            let script = super::script::without(script, &pairing.signatures);
            Spend::Claim(pairing, Signed::Base(Cow::Owned(script)))
        }
        Err(wrong) => Spend::Wrong(wrong),
    }
}

/// An input whose script is the witness program `program`, of its own or of its redeem script.
fn witness<'a>(input: &'a TxIn, program: &'a Script, value: Option<Amount>) -> Spend<'a> {
    let code = program.p2wpkh_script_code();
    if code.is_none() && !program.is_p2wsh() {
        let reason = if program.is_p2tr() { Reason::Taproot } else { Reason::ScriptUnsupported };
        return Spend::Unchecked(reason);
    }
    let Some(value) = value else { return Spend::Unchecked(Reason::AmountUnknown) };
    let stack: Vec<&[u8]> = input.witness.iter().collect();
    let (template, code, stack) = match code {
        Some(code) => {
            let hash = <[u8; 20]>::try_from(&program.as_bytes()[2..]).unwrap_or_default();
            (Some(Template::KeyHash(hash)), Cow::Owned(code), &stack[..])
        }
        None => {
            let Some((script, stack)) = stack.split_last() else {
                return Spend::Wrong("the witness has no script");
            };
            if sha256::Hash::hash(script).as_byte_array() != &program.as_bytes()[2..] {
                return Spend::Wrong("the witness script has another hash than the program");
            }
            let script = Script::from_bytes(script);
            (Template::of(script), Cow::Borrowed(script), stack)
        }
    };
    let Some(template) = template else { return Spend::Unchecked(Reason::ScriptUnsupported) };
    match template.claim_all(stack) {
        Ok(pairing) => Spend::Claim(pairing, Signed::Witness(code, value)),
        Err(wrong) => Spend::Wrong(wrong),
    }
}
