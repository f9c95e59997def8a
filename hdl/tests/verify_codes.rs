//! The wire codes of verification and the models' own names for the same are one list.

use chaincard_protocol::verify as wire;
use chaincard_reference::verify as model;

/// Name and code of each.
fn named<T: std::fmt::Debug + Copy>(all: &[T], code: impl Fn(T) -> u32) -> Vec<(String, u32)> {
    all.iter().map(|&one| (format!("{one:?}"), code(one))).collect()
}

#[test]
fn verdicts() {
    assert_eq!(
        named(&wire::Verdict::ALL, |verdict| verdict.code().into()),
        named(&model::Verdict::ALL, |verdict| verdict as u32)
    );
    for (wire, model) in wire::Verdict::ALL.into_iter().zip(model::Verdict::ALL) {
        for (wire_profile, model_profile) in wire::Profile::ALL.into_iter().zip(model::Profile::ALL)
        {
            let under = u32::from(wire.under(wire_profile).code());
            assert_eq!(under, model.under(model_profile) as u32, "{wire:?} under {wire_profile:?}");
        }
    }
}

#[test]
fn schemes_and_profiles() {
    assert_eq!(
        named(&wire::Scheme::ALL, |scheme| scheme.code().into()),
        named(&model::Scheme::ALL, |scheme| scheme as u32)
    );
    assert_eq!(
        named(&wire::Profile::ALL, |profile| profile.code().into()),
        named(&model::Profile::ALL, |profile| profile as u32)
    );
    for (wire, model) in wire::Profile::ALL.into_iter().zip(model::Profile::ALL) {
        assert_eq!(u32::from(wire.scheme().code()), model.scheme() as u32, "{wire:?}");
        assert_eq!(wire.wants_low_s(), model.wants_low_s(), "{wire:?}");
    }
}

#[test]
fn hashings() {
    for (wire, model) in wire::Scheme::ALL.into_iter().zip(model::Scheme::ALL) {
        let takes: Vec<wire::Hashing> =
            wire::Hashing::ALL.into_iter().filter(|&hashing| wire.takes(hashing)).collect();
        assert_eq!(
            named(&takes, |hashing| hashing.code().into()),
            named(model::Hashing::of(model), |hashing| hashing as u32),
            "{wire:?}"
        );
    }
    assert_eq!(wire::MAX_USER_ID, model::MAX_USER_ID);
}
