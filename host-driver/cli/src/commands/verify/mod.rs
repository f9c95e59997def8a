//! `chaincard verify` and `chaincard recover`: a signature in each line of JSON.
//!
//! | module | what it does |
//! | --- | --- |
//! | `record` | line → bytes, or a typed error |
//! | `rules` | scheme, profile, hashing of the command line |
//! | `stream` | lines in batches to the device, answers in order |

mod record;
mod rules;
mod stream;

use std::path::PathBuf;

use chaincard::Profile;
use chaincard::verify::{RecoverBatch, SignatureEncoding, VerifyBatch};
use clap::{Args, ValueEnum};
use keccak_asm::Keccak256;

use crate::device::Choice;
use crate::error::{CliError, Verdict};
use crate::output::Output;
use record::Purpose;
use rules::RuleArguments;
use stream::{Group, Judged};
#[cfg(feature = "sim")]
pub(crate) use {rules::parse_scheme, stream::name as verdict_name};

/// One JSON object a line in, one a line out; byte strings are hexadecimal, with or without 0x:
///
///   {"message" or "digest": …, "public_key": …, "signature": …, "user_id": … (SM2), "id": any}
///   {"line": 1, "id": any, "valid": true, "verdict": "valid"}
///   {"line": 2, "error": "json", "message": "…"}      for a line that cannot be used
///
/// Digests have 32 bytes (SM2: e) and are not hashed. The exit code is 0 when all are valid, 1
/// when some are not, 2 when some line cannot be used.
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct VerifyArguments {
    /// Lines; - for standard input, which is also the default
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,

    #[command(flatten)]
    rules: RuleArguments,

    /// How signatures are written: 64 bytes, or strict DER
    #[arg(long, short, default_value = "compact")]
    encoding: Encoding,
}

/// One JSON object a line in, one a line out; byte strings are hexadecimal, with or without 0x:
///
///   {"message" or "digest": …, "signature": r, s, recovery id (65 bytes), "id": any}
///   {"line": 1, "id": any, "valid": true, "verdict": "valid", "public_key": "04…"}
///   {"line": 2, "error": "json", "message": "…"}      for a line that cannot be used
///
/// Recovery ids are 0 to 3, or 27 and 28. Under ethereum profiles (the default is ethereum) there
/// is also the address. Exit codes as of verify.
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct RecoverArguments {
    /// Lines; - for standard input, which is also the default
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,

    #[command(flatten)]
    rules: RuleArguments,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Encoding {
    Compact,
    Der,
}

pub(crate) fn verify(
    arguments: &VerifyArguments,
    choice: &Choice,
    output: &Output,
) -> Result<Verdict, CliError> {
    let rules = arguments.rules.rules(Profile::Bitcoin)?;
    let encoding = match arguments.encoding {
        Encoding::Compact => SignatureEncoding::Compact,
        Encoding::Der => SignatureEncoding::Der,
    };
    let scheme = rules.profile.scheme();
    if !encoding.fits(scheme) {
        let (scheme, encoding) = (scheme.name(), encoding.name());
        return Err(CliError::Argument(format!("{scheme} has no encoding {encoding}")));
    }
    let accelerator = choice.accelerator()?;
    stream::run(Purpose::Verify, arguments.file.as_deref(), rules, output, |group: &Group<'_>| {
        let batch = VerifyBatch {
            plan: group.plan,
            encoding,
            messages: group.messages(),
            public_keys: group.public_keys(),
            signatures: group.signatures(),
        };
        let verdicts = accelerator.verify_many(&batch)?;
        let judged = |verdict| Judged { verdict, public_key: None, address: None };
        Ok(verdicts.into_iter().map(judged).collect())
    })
}

pub(crate) fn recover(
    arguments: &RecoverArguments,
    choice: &Choice,
    output: &Output,
) -> Result<Verdict, CliError> {
    let rules = arguments.rules.rules(Profile::Ethereum)?;
    let scheme = rules.profile.scheme();
    if scheme != chaincard::Scheme::Secp256k1 {
        return Err(CliError::Argument(format!("{} does not recover public keys", scheme.name())));
    }
    let ethereum = matches!(rules.profile, Profile::Ethereum | Profile::EthereumTransaction);
    let accelerator = choice.accelerator()?;
    stream::run(Purpose::Recover, arguments.file.as_deref(), rules, output, |group: &Group<'_>| {
        let batch = RecoverBatch {
            plan: group.plan,
            messages: group.messages(),
            signatures: group.signatures(),
            ids: None,
        };
        let judged = |found: chaincard::Recovered| {
            let key = (found.verdict == chaincard::Verdict::Valid).then_some(found.key);
            Judged {
                verdict: found.verdict,
                public_key: key.map(|key| format!("04{}", hex::encode(key))),
                address: key.filter(|_| ethereum).map(|key| address(&key)),
            }
        };
        Ok(accelerator.recover_many(&batch)?.into_iter().map(judged).collect())
    })
}

/// Ethereum's address of a public key (x, y), with the checksum of EIP-55 in its letters.
fn address(key: &[u8; 64]) -> String {
    let digits = hex::encode(&Keccak256::digest(key)[12..]);
    let checksum = hex::encode(Keccak256::digest(&digits));
    let letters = digits
        .chars()
        .zip(checksum.chars())
        .map(|(digit, check)| if check >= '8' { digit.to_ascii_uppercase() } else { digit });
    "0x".chars().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key and address of the private key 1.
    #[test]
    fn the_address_of_the_generator() {
        let key = "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798\
                   483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8";
        let key = hex::decode(key).expect("hexadecimal").try_into().expect("64 bytes");
        assert_eq!(address(&key), "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf");
    }
}
