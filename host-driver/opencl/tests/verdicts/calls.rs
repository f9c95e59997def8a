//! Cases of the model as calls of a verifier.

use std::collections::HashMap;

use chaincard_opencl::{Item, Verifier, list};
use chaincard_protocol::verify::{
    self as wire, KEY_COMPRESSED, KEY_ODD, RECOVERY_ABOVE_N, RECOVERY_ODD, VerifyParam,
};
use chaincard_reference::cases::Expected;
use chaincard_reference::verify::{Case, Hashing, Key, Profile};

/// The first device.
pub(crate) fn device() -> usize {
    list().expect("list").first().expect("an OpenCL device: PoCL is enough for this test").index
}

pub(crate) fn param(profile: Profile, hashing: Hashing) -> VerifyParam {
    VerifyParam {
        profile: wire::Profile::from_code(profile as u16).expect("a profile"),
        hashing: wire::Hashing::from_code(hashing as u16).expect("a hashing"),
    }
}

pub(crate) fn item(case: &Case) -> Item<'_> {
    let flag = |set: bool, flag| if set { flag } else { 0 };
    let (flags, x, y) = match case.key {
        Key::Point { x, y } => (0, x, y),
        Key::Compressed { x, odd } => (KEY_COMPRESSED | flag(odd, KEY_ODD), x, [0; 32]),
        Key::Edwards(a) => (0, a, [0; 32]),
        Key::Recover(id) => {
            let flags = flag(id & 1 != 0, RECOVERY_ODD) | flag(id & 2 != 0, RECOVERY_ABOVE_N);
            (flags, [0; 32], [0; 32])
        }
    };
    Item { flags, r: case.r, s: case.s, x, y, message: &case.message }
}

/// Puts each case before the verifier, those of one plan and user id in one call, and compares
/// the verdict and, where the key is to be recovered, the key.
pub(crate) fn compare(verifier: &Verifier, cases: &[Expected]) {
    assert!(!cases.is_empty(), "no cases");
    let mut calls: HashMap<_, Vec<&Expected>> = HashMap::new();
    for expected in cases {
        let Case { profile, hashing, user_id, key, .. } = &expected.case;
        let recover = matches!(key, Key::Recover(_));
        calls.entry((*profile, *hashing, user_id, recover)).or_default().push(expected);
    }
    for ((profile, hashing, user_id, recover), call) in calls {
        let param = param(profile, hashing);
        let items: Vec<_> = call.iter().map(|expected| item(&expected.case)).collect();
        // A verdict that is never right here shows a place that was not written.
        let mut verdicts = vec![wire::Verdict::KeyInfinity; call.len()];
        let mut keys = vec![[0; 64]; call.len()];
        if recover {
            keys.fill([0xaa; 64]);
            verifier.recover(param, &items, &mut verdicts, &mut keys).expect("keys");
        } else {
            verifier.verify(param, user_id, &items, &mut verdicts).expect("verdicts");
        }
        for ((expected, verdict), key) in call.into_iter().zip(verdicts).zip(keys) {
            let Expected { name, case, verdict: right, key: right_key } = expected;
            assert_eq!(u16::from(verdict.code()), *right as u16, "{name}: {right:?} for {case:?}");
            assert_eq!(key, *right_key, "{name}: {case:?}");
        }
    }
}
