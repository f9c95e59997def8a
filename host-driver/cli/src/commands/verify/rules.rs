//! By which rules signatures are judged, from the command line.

use chaincard::verify::{usual_hashing, usual_profile};
use chaincard::{Hashing, Profile, Scheme};
use clap::Args;

use super::record::{LineError, Signed};
use crate::error::CliError;

/// What is said about rules on the command line.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct RuleArguments {
    /// secp256k1, sm2, ed25519 or p256; by default that of the profile
    #[arg(long, short, value_parser = parse_scheme)]
    pub(crate) scheme: Option<Scheme>,

    /// bitcoin, bitcoin-low-s, ethereum, ethereum-transaction; gm; rfc8032, zip215, strict;
    /// fips186, rip7212; by default the first of these that fits
    #[arg(long, short, value_parser = parse_profile)]
    pub(crate) profile: Option<Profile>,

    /// How messages are hashed: sha256, double-sha256, keccak256; sm3; message (Ed25519); or
    /// digest for lines with digests only. By default as the profile has it
    #[arg(long, value_parser = parse_hashing)]
    pub(crate) hashing: Option<Hashing>,
}

/// The rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rules {
    /// Scheme and profile.
    pub(crate) profile: Profile,
    /// How messages are hashed; `Digest` when there must be none.
    pub(crate) hashing: Hashing,
}

impl RuleArguments {
    /// The rules; `default` is the profile when neither it nor the scheme is given.
    pub(crate) fn rules(&self, default: Profile) -> Result<Rules, CliError> {
        let profile = match (self.profile, self.scheme) {
            (Some(profile), Some(scheme)) if profile.scheme() != scheme => {
                let (profile, scheme) = (profile.name(), scheme.name());
                return Err(CliError::Argument(format!("{scheme} has no profile {profile}")));
            }
            (Some(profile), _) => profile,
            (None, Some(scheme)) if default.scheme() != scheme => usual_profile(scheme),
            (None, _) => default,
        };
        let hashing = self.hashing.unwrap_or_else(|| usual_hashing(profile));
        if !profile.scheme().takes(hashing) {
            let (scheme, hashing) = (profile.scheme().name(), hashing.name());
            return Err(CliError::Argument(format!("{scheme} does not take {hashing}")));
        }
        Ok(Rules { profile, hashing })
    }
}

impl Rules {
    /// How the signed number of a line comes about.
    pub(crate) fn hashing_of(self, signed: &Signed) -> Result<Hashing, LineError> {
        let scheme = self.profile.scheme();
        let refuse = |found| LineError::Hashing {
            scheme: scheme.name(),
            hashing: self.hashing.name(),
            found,
        };
        match signed {
            Signed::Message(_) if self.hashing == Hashing::Digest => Err(refuse("message")),
            Signed::Message(_) => Ok(self.hashing),
            Signed::Digest(_) if scheme.takes(Hashing::Digest) => Ok(Hashing::Digest),
            Signed::Digest(_) => Err(refuse("digest")),
        }
    }
}

/// For clap: a scheme by its name.
pub(crate) fn parse_scheme(text: &str) -> Result<Scheme, String> {
    named(&Scheme::ALL, Scheme::name, text)
}

fn parse_profile(text: &str) -> Result<Profile, String> {
    named(&Profile::ALL, Profile::name, text)
}

fn parse_hashing(text: &str) -> Result<Hashing, String> {
    named(&Hashing::ALL, Hashing::name, text)
}

fn named<T: Copy>(all: &[T], name: fn(T) -> &'static str, text: &str) -> Result<T, String> {
    all.iter().copied().find(|known| name(*known) == text).ok_or_else(|| {
        let names: Vec<&str> = all.iter().map(|known| name(*known)).collect();
        format!("there are: {}", names.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_said_follows_from_the_rest() {
        let rules = |scheme, profile, hashing| {
            let arguments = RuleArguments { scheme, profile, hashing };
            arguments.rules(Profile::Ethereum).ok().map(|rules| (rules.profile, rules.hashing))
        };
        let keccak = Hashing::Keccak256;
        assert_eq!(rules(None, None, None), Some((Profile::Ethereum, keccak)));
        let secp256k1 = Some(Scheme::Secp256k1);
        assert_eq!(rules(secp256k1, None, None), Some((Profile::Ethereum, keccak)));
        let strict = Some((Profile::Strict, Hashing::Message));
        assert_eq!(rules(None, Some(Profile::Strict), None), strict);
        for scheme in Scheme::ALL {
            let (profile, hashing) = rules(Some(scheme), None, None).expect("rules");
            assert!(profile.scheme() == scheme && scheme.takes(hashing));
        }
        assert_eq!(rules(Some(Scheme::Sm2), Some(Profile::Strict), None), None);
        assert_eq!(rules(Some(Scheme::Sm2), None, Some(Hashing::Sha256)), None);
    }

    #[test]
    fn messages_and_digests_are_kept_apart() {
        let of = |profile, hashing, signed| Rules { profile, hashing }.hashing_of(&signed).ok();
        let (message, digest) = (Signed::Message(vec![]), Signed::Digest(vec![]));
        let (sha256, whole) = (Hashing::Sha256, Hashing::Message);
        assert_eq!(of(Profile::Fips186, sha256, message.clone()), Some(sha256));
        assert_eq!(of(Profile::Fips186, sha256, digest.clone()), Some(Hashing::Digest));
        assert_eq!(of(Profile::Fips186, Hashing::Digest, message.clone()), None);
        assert_eq!(of(Profile::Strict, whole, message), Some(whole));
        assert_eq!(of(Profile::Strict, whole, digest), None);
    }
}
