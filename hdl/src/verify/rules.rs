//! Which parameters of a request make sense.

use chaincard_protocol::HashAlgorithm;
use chaincard_protocol::verify::{Hashing, Profile, Scheme};
use rust_hdl::prelude::*;

/// Tells whether the engines have the scheme and the hash cores the algorithm, and whether scheme, profile and hashing of a
/// [`VerifyParam`](chaincard_protocol::verify::VerifyParam) fit together; no state.
///
/// | port | direction | width | meaning |
/// | --- | --- | --- | --- |
/// | `param` | in | 12 | the parameter |
/// | `recover` | in | 1 | public keys are recovered, which secp256k1 alone has |
/// | `known` | out | 1 | it makes sense |
#[derive(LogicBlock)]
pub struct Rules {
    /// The parameter.
    pub param: Signal<In, Bits<12>>,
    /// Public keys are recovered.
    pub recover: Signal<In, Bit>,
    /// It makes sense.
    pub known: Signal<Out, Bit>,

    profiles: Signal<Local, Bits<16>>,
    hashings: Signal<Local, Bits<16>>,
    scheme: Signal<Local, Bits<4>>,
    k_sm2: Constant<Bits<4>>,
    k_ed25519: Constant<Bits<4>>,
    k_p256: Constant<Bits<4>>,
    profiles_secp256k1: Constant<Bits<16>>,
    profiles_sm2: Constant<Bits<16>>,
    profiles_ed25519: Constant<Bits<16>>,
    profiles_p256: Constant<Bits<16>>,
    hashings_secp256k1: Constant<Bits<16>>,
    hashings_sm2: Constant<Bits<16>>,
    hashings_ed25519: Constant<Bits<16>>,
    hashings_p256: Constant<Bits<16>>,
}

/// Bit n: the profile with code n belongs to `scheme`, which is one of `schemes`.
fn profiles(schemes: &[Scheme], scheme: Scheme) -> Constant<Bits<16>> {
    let known = |profile: &Profile| profile.scheme() == scheme && schemes.contains(&scheme);
    let own = Profile::ALL.into_iter().filter(known);
    Constant::new(own.map(|profile| 1 << profile.code()).sum::<u64>().to_bits())
}

/// Bit n: the hashing with code n fits `scheme`, and the algorithms that it takes are there.
fn hashings(algorithms: &[HashAlgorithm], scheme: Scheme) -> Constant<Bits<16>> {
    let there = |hashing: &Hashing| {
        scheme.takes(*hashing) && hashing.algorithm().is_none_or(|it| algorithms.contains(&it))
    };
    let own = Hashing::ALL.into_iter().filter(there);
    Constant::new(own.map(|hashing| 1 << hashing.code()).sum::<u64>().to_bits())
}

impl Rules {
    /// For engines with programs of these schemes, beside hash cores for these algorithms.
    pub fn new(schemes: &[Scheme], algorithms: &[HashAlgorithm]) -> Self {
        let profiles = |scheme| profiles(schemes, scheme);
        let hashings = |scheme| hashings(algorithms, scheme);
        let code = |scheme: Scheme| Constant::new(scheme.code().to_bits());
        Self {
            param: Default::default(),
            recover: Default::default(),
            known: Default::default(),
            profiles: Default::default(),
            hashings: Default::default(),
            scheme: Default::default(),
            k_sm2: code(Scheme::Sm2),
            k_ed25519: code(Scheme::Ed25519),
            k_p256: code(Scheme::P256),
            profiles_secp256k1: profiles(Scheme::Secp256k1),
            profiles_sm2: profiles(Scheme::Sm2),
            profiles_ed25519: profiles(Scheme::Ed25519),
            profiles_p256: profiles(Scheme::P256),
            hashings_secp256k1: hashings(Scheme::Secp256k1),
            hashings_sm2: hashings(Scheme::Sm2),
            hashings_ed25519: hashings(Scheme::Ed25519),
            hashings_p256: hashings(Scheme::P256),
        }
    }
}

impl Logic for Rules {
    #[hdl_gen]
    fn update(&mut self) {
        self.scheme.next = self.param.val().get_bits::<4>(0);
        // secp256k1 has code 0; codes beyond the four know no profile.
        self.profiles.next = 0.into();
        self.hashings.next = 0.into();
        if !self.scheme.val().any() {
            self.profiles.next = self.profiles_secp256k1.val();
            self.hashings.next = self.hashings_secp256k1.val();
        } else if !self.recover.val() {
            if self.scheme.val() == self.k_sm2.val() {
                self.profiles.next = self.profiles_sm2.val();
                self.hashings.next = self.hashings_sm2.val();
            } else if self.scheme.val() == self.k_ed25519.val() {
                self.profiles.next = self.profiles_ed25519.val();
                self.hashings.next = self.hashings_ed25519.val();
            } else if self.scheme.val() == self.k_p256.val() {
                self.profiles.next = self.profiles_p256.val();
                self.hashings.next = self.hashings_p256.val();
            }
        }
        self.known.next = self.profiles.val().get_bit(self.param.val().get_bits::<4>(4).index())
            & self.hashings.val().get_bit(self.param.val().get_bits::<4>(8).index());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chaincard_protocol::verify::VerifyParam;

    #[test]
    fn as_the_protocol_has_it() {
        for schemes in [&Scheme::ALL[..], &[Scheme::Secp256k1], &[Scheme::Sm2, Scheme::Ed25519]] {
            let algorithms = [HashAlgorithm::Sha256, HashAlgorithm::Sha512];
            let mut rules = Rules::new(schemes, &algorithms);
            rules.connect_all();
            for code in 0..1_u16 << 12 {
                for recover in [false, true] {
                    rules.param.next = code.to_bits();
                    rules.recover.next = recover;
                    assert!(simulate(&mut rules, 10));
                    let expected = VerifyParam::from_code(code).is_some_and(|param| {
                        let scheme = param.profile.scheme();
                        let hashes = param.hashing.algorithm();
                        schemes.contains(&scheme)
                            && (!recover || scheme == Scheme::Secp256k1)
                            && hashes.is_none_or(|it| algorithms.contains(&it))
                    });
                    assert_eq!(rules.known.val(), expected, "{code:#05x} {recover}");
                }
            }
        }
    }
}
