//! Signatures on a card modelled in software: every verdict is that of the models, whatever the
//! link does, and a card that lies is found, taken out of service and reported.

use chaincard::verify::{Hashing, Profile, Scheme};
use chaincard::{
    Accelerator, Card, CardConfig, Device, DeviceError, DeviceKind, Item, Key, Messages, OpenError,
    Operation, Plan, Policy, RecoverBatch, RecoverJob, Recovered, SelfTest, SignatureEncoding,
    Transport, Verdict, VerifyBatch, VerifyJob,
};
use chaincard_reference::cases::{self, Expected};
use chaincard_reference::verify as model;
use chaincard_sim::card::{Lie, ModelCard, ModelFault};
use chaincard_sim::fault::{Fault, FaultyTransport};
use chaincard_sim::stream::SplitMix64;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

const SEED: u64 = 0x51_6A;

/// Signatures with the same plan, and what they must be answered with.
struct Group {
    profile: Profile,
    hashing: Hashing,
    user_id: Vec<u8>,
    expected: Vec<Expected>,
}

fn profile(profile: model::Profile) -> Profile {
    Profile::from_code(profile as u16).unwrap()
}

fn verdict(expected: &Expected) -> Verdict {
    Verdict::from_code(expected.verdict as u8).unwrap()
}

fn groups(all: impl IntoIterator<Item = Expected>) -> Vec<Group> {
    let mut found: HashMap<_, Vec<Expected>> = HashMap::new();
    for expected in all {
        let case = &expected.case;
        let key = (case.profile, case.hashing, case.user_id.clone());
        found.entry(key).or_default().push(expected);
    }
    let group = |((of, hashing, user_id), expected): ((_, model::Hashing, _), _)| Group {
        profile: profile(of),
        hashing: Hashing::from_code(hashing as u16).unwrap(),
        user_id,
        expected,
    };
    let mut groups: Vec<Group> = found.into_iter().map(group).collect();
    groups.sort_by_key(|group| (group.profile, group.hashing, group.user_id.clone()));
    groups
}

impl Group {
    fn plan(&self) -> Plan<'_> {
        Plan { profile: self.profile, hashing: self.hashing, user_id: &self.user_id }
    }

    fn items(&self) -> Vec<Item<'_>> {
        let key = |key| match key {
            model::Key::Point { x, y } => Key::Point { x, y },
            model::Key::Compressed { x, odd } => Key::Compressed { x, odd },
            model::Key::Edwards(a) => Key::Edwards(a),
            model::Key::Recover(id) => Key::Recover(id),
        };
        let item = |expected: &Expected| {
            let case = &expected.case;
            (case.r, case.s, key(case.key))
        };
        self.expected
            .iter()
            .map(|expected| {
                let (r, s, key) = item(expected);
                Item { r, s, key, message: &expected.case.message }
            })
            .collect()
    }

    fn recovered(&self) -> Vec<Recovered> {
        let found = |expected: &Expected| Recovered {
            verdict: verdict(expected),
            key: model::recover(&expected.case).key,
        };
        self.expected.iter().map(found).collect()
    }
}

fn card(fault: Option<ModelFault>) -> Card {
    let mut config = CardConfig::for_kind(DeviceKind::Simulated);
    config.self_test = false;
    let link = Box::new(ModelCard::with_signatures(fault));
    Card::open("sim", DeviceKind::Simulated, link, config).unwrap()
}

#[test]
fn corner_cases_over_frames() {
    let card = card(None);
    assert_eq!(card.capabilities().verifies, Scheme::ALL);
    assert!(card.capabilities().recovers);
    let profiles = model::Profile::ALL.into_iter();
    let all =
        profiles.flat_map(|of| cases::corners(of).into_iter().chain(cases::random(of, SEED, 30)));
    let mut judged = 0;
    for group in groups(all) {
        let items = group.items();
        let mut verdicts = vec![Verdict::Invalid; items.len()];
        card.verify(&group.plan(), &items, &mut verdicts).unwrap();
        for (found, expected) in verdicts.iter().zip(&group.expected) {
            assert_eq!(found.under(group.profile), verdict(expected), "{}", expected.name);
            judged += 1;
        }
    }
    println!("{judged} signatures");
    let of = model::Profile::Ethereum;
    let recoveries =
        cases::recovery_corners(of).into_iter().chain(cases::random_recovery(of, SEED, 30));
    for group in groups(recoveries) {
        let items = group.items();
        let mut keys = vec![Recovered { verdict: Verdict::Valid, key: [7; 64] }; items.len()];
        card.recover(&group.plan(), &items, &mut keys).unwrap();
        assert_eq!(keys, group.recovered());
    }
}

#[test]
fn messages_beyond_the_card_are_named() {
    let card = card(None);
    let long = vec![0; 1 << 20];
    let item = |message| Item { r: [1; 32], s: [1; 32], key: Key::Edwards([1; 32]), message };
    let plan = Plan::new(Profile::Zip215, Hashing::Message);
    let items = [item(&long[..9]), item(&long)];
    let error = card.verify(&plan, &items, &mut [Verdict::Valid; 2]).unwrap_err();
    assert!(matches!(error, DeviceError::MessageTooLong { index: 1, .. }), "{error}");
    // The accelerator has them answered elsewhere.
    let messages = [&long[..9], &long];
    let batch = VerifyBatch {
        plan,
        encoding: SignatureEncoding::Compact,
        messages: Messages::Slices(&messages),
        public_keys: Messages::Slices(&[&[1; 32], &[1; 32]]),
        signatures: Messages::Slices(&[&[1; 64], &[0; 64]]),
    };
    let accelerator = Accelerator::builder().device(Arc::new(card)).build().unwrap();
    let cpu = Accelerator::open("cpu").unwrap();
    let answer = accelerator.verify(&batch).unwrap();
    assert_eq!(answer.verdicts, cpu.verify_many(&batch).unwrap());
    assert_eq!((&*answer.outcome.device, answer.outcome.elsewhere), ("sim", 1));
}

fn policy(sample_valid: f64) -> Policy {
    Policy {
        cpu_threads: 1,
        coalesce_items: 16,
        backoff: Duration::from_millis(20),
        sample_valid,
        ..Policy::default()
    }
}

fn accelerator(fault: Option<ModelFault>, policy: Policy) -> Accelerator {
    Accelerator::builder().device(Arc::new(card(fault))).policy(policy).build().unwrap()
}

/// A few signatures of each profile, most of the plans that there are, or signatures to recover
/// keys from.
fn pool(recover: bool) -> Vec<Group> {
    if recover {
        let of = model::Profile::Ethereum;
        return groups(
            cases::random_recovery(of, SEED, 40).into_iter().chain(cases::recovery_corners(of)),
        );
    }
    groups(model::Profile::ALL.into_iter().flat_map(|of| cases::random(of, SEED, 24)))
}

#[derive(Debug, Default)]
struct Ends {
    by_card: usize,
    by_cpu: usize,
    wrong: usize,
}

/// Submits `jobs` jobs of a few signatures each, many at once, and compares the answers.
fn run(accelerator: &Accelerator, pool: &[Group], recover: bool, jobs: usize, seed: u64) -> Ends {
    println!("seed {seed:#x}");
    let (mut rng, mut ends) = (SplitMix64(seed), Ends::default());
    let mut draw = |below: usize| rng.next_u64() as usize % below;
    for _ in 0..jobs / 10 {
        let waiting: Vec<_> = (0..10)
            .map(|_| {
                let group = &pool[draw(pool.len())];
                let chosen: Vec<usize> =
                    (0..1 + draw(3)).map(|_| draw(group.expected.len())).collect();
                (submit(accelerator, group, &chosen, recover), group, chosen)
            })
            .collect();
        for (wait, group, chosen) in waiting {
            let (found, device) = wait();
            let keys = if recover { group.recovered() } else { Vec::new() };
            let right = chosen.iter().map(|&index| match keys.get(index) {
                Some(key) => *key,
                None => Recovered { verdict: verdict(&group.expected[index]), key: [0; 64] },
            });
            assert_eq!(found.len(), chosen.len());
            ends.wrong += found.iter().zip(right).filter(|(found, right)| *found != right).count();
            if device.starts_with("cpu") { ends.by_cpu += 1 } else { ends.by_card += 1 }
        }
    }
    println!("{ends:?}");
    ends
}

type Wait = Box<dyn FnOnce() -> (Vec<Recovered>, Arc<str>)>;

fn submit(accelerator: &Accelerator, group: &Group, chosen: &[usize], recover: bool) -> Wait {
    let cases: Vec<_> = chosen.iter().map(|&index| &group.expected[index].case).collect();
    let messages: Vec<&[u8]> = cases.iter().map(|case| &*case.message).collect();
    let signatures: Vec<[u8; 64]> =
        cases.iter().map(|case| *[case.r, case.s].as_flattened().first_chunk().unwrap()).collect();
    let keys: Vec<Vec<u8>> = cases
        .iter()
        .map(|case| match case.key {
            model::Key::Point { x, y } => [&[4][..], &x, &y].concat(),
            model::Key::Compressed { x, odd } => [&[2 + u8::from(odd)][..], &x].concat(),
            model::Key::Edwards(a) => a.to_vec(),
            model::Key::Recover(id) => vec![id],
        })
        .collect();
    let signatures: Vec<&[u8]> = signatures.iter().map(<[u8; 64]>::as_slice).collect();
    if recover {
        let ids = keys.concat();
        let batch = RecoverBatch {
            plan: group.plan(),
            messages: Messages::Slices(&messages),
            signatures: Messages::Slices(&signatures),
            ids: Some(&ids),
        };
        let handle = accelerator.submit_recover(RecoverJob::of(&batch).unwrap()).unwrap();
        return Box::new(|| {
            let answer = handle.wait().unwrap();
            (answer.keys, answer.outcome.device)
        });
    }
    let keys: Vec<&[u8]> = keys.iter().map(Vec::as_slice).collect();
    let batch = VerifyBatch {
        plan: group.plan(),
        encoding: SignatureEncoding::Compact,
        messages: Messages::Slices(&messages),
        public_keys: Messages::Slices(&keys),
        signatures: Messages::Slices(&signatures),
    };
    let handle = accelerator.submit_verify(VerifyJob::of(&batch).unwrap()).unwrap();
    Box::new(|| {
        let answer = handle.wait().unwrap();
        let result = |verdict| Recovered { verdict, key: [0; 64] };
        (answer.verdicts.into_iter().map(result).collect(), answer.outcome.device)
    })
}

fn checks(accelerator: &Accelerator) -> u64 {
    accelerator.metrics().devices[0].operations.iter().map(|(_, counters)| counters.checks).sum()
}

#[test]
fn an_honest_card_is_believed() {
    for recover in [false, true] {
        let accelerator = accelerator(None, policy(0.0));
        let ends = run(&accelerator, &pool(recover), recover, 400, SEED);
        assert_eq!((ends.wrong, ends.by_cpu, ends.by_card), (0, 0, 400));
        let device = &accelerator.metrics().devices[0];
        assert!(device.in_service && device.disagreements == 0 && device.outages == 0);
        // What is not valid was confirmed.
        assert!(checks(&accelerator) > 50);
    }
}

/// The self-test and opening take some items.
const AFTER: u64 = 300;

#[test]
fn no_wrong_verdict_leaves_a_lying_card() {
    for (lie, recover) in [
        (Lie::RefusesValid, false),
        (Lie::AcceptsInvalid, false),
        (Lie::RefusesValid, true),
        (Lie::AcceptsInvalid, true),
        (Lie::WrongKeys, true),
    ] {
        println!("{lie:?}, recovery: {recover}");
        let fault = Some(ModelFault::Lies { after: AFTER, lie });
        let accelerator = accelerator(fault, policy(1.0));
        let ends = run(&accelerator, &pool(recover), recover, 500, SEED ^ lie as u64);
        assert_eq!(ends.wrong, 0, "{lie:?}");
        assert!(ends.by_card > 50 && ends.by_cpu > 50, "{lie:?}: {ends:?}");
        let metrics = accelerator.metrics();
        let device = &metrics.devices[0];
        assert!(device.disagreements >= 1 && device.outages >= 1, "{device:?}");
        assert_eq!(metrics.failed_jobs, 0);
        // The known answers keep it out of service, now that it lies all the time.
        wait_until(|| matches!(accelerator.metrics().devices[0].self_test, SelfTest::Failed(_)));
        let device = &accelerator.metrics().devices[0];
        assert!(!device.in_service);
        assert!(device.last_error.as_ref().is_some_and(|error| error.contains("said")));
    }
}

fn wait_until(condition: impl Fn() -> bool) {
    for _ in 0..2000 {
        if condition() {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("did not come about");
}

/// Samples find a card that accepts what is invalid; not before one of its lies is drawn.
#[test]
fn samples_find_a_card_that_accepts_everything() {
    let fault = Some(ModelFault::Lies { after: AFTER, lie: Lie::AcceptsInvalid });
    let accelerator = accelerator(fault, Policy { max_backoff: Duration::ZERO, ..policy(0.25) });
    let pool = pool(false);
    let mut wrong = 0;
    for round in 0..100 {
        wrong += run(&accelerator, &pool, false, 50, SEED ^ round).wrong;
        if accelerator.metrics().devices[0].disagreements > 0 {
            println!("found after {wrong} wrong verdicts");
            // From now on nothing of it is believed.
            assert_eq!(run(&accelerator, &pool, false, 200, SEED).wrong, 0);
            return;
        }
    }
    panic!("a quarter of {wrong} lies was not drawn");
}

#[test]
fn a_disagreement_is_an_error_where_nobody_else_answers() {
    let fault = Some(ModelFault::Lies { after: AFTER, lie: Lie::RefusesValid });
    let policy = Policy { fallback_to_cpu: false, ..policy(0.0) };
    let accelerator = accelerator(fault, policy);
    let expected = &cases::random_recovery(model::Profile::Ethereum, SEED, 1)[0];
    let group = &groups([expected.clone()])[0];
    let case = &expected.case;
    let model::Key::Recover(id) = case.key else { panic!("{case:?}") };
    let signature = [case.r, case.s].concat();
    let batch = RecoverBatch {
        plan: group.plan(),
        messages: Messages::Slices(&[&case.message]),
        signatures: Messages::Slices(&[&signature]),
        ids: Some(&[id]),
    };
    for _ in 0..2 * AFTER {
        match accelerator.recover(&batch) {
            Ok(answer) => assert_eq!(answer.keys, group.recovered()),
            Err(chaincard::Error::Device(error)) => {
                assert!(matches!(*error, DeviceError::Disagreement { item: 0, .. }), "{error}");
                assert_eq!(accelerator.metrics().devices[0].disagreements, 1);
                return;
            }
            Err(error) => panic!("{error}"),
        }
    }
    panic!("the card was believed");
}

#[test]
fn a_card_that_lies_from_the_beginning_is_not_opened() {
    for lie in [Lie::RefusesValid, Lie::AcceptsInvalid, Lie::WrongKeys] {
        let card = card(Some(ModelFault::Lies { after: 0, lie }));
        let error = Accelerator::builder().device(Arc::new(card)).build().unwrap_err();
        let OpenError::SelfTest(source) = error else { panic!("{error}") };
        assert!(matches!(*source, DeviceError::SelfTestVerdict { .. }), "{source}");
    }
}

#[test]
fn faults_on_the_link_change_no_verdict() {
    for fault in Fault::ALL {
        let one_in = match fault {
            Fault::Stalls | Fault::Closed => 60,
            _ => 8000,
        };
        let mut injected = Arc::default();
        let accelerator = (0..50).find_map(|trial| {
            let link = ModelCard::with_signatures(None);
            let link = FaultyTransport::new(link, fault, one_in, SEED + trial);
            injected = link.injected();
            open(Box::new(link))
        });
        let accelerator = accelerator.expect("the card can be opened");
        for recover in [false, true] {
            assert_eq!(run(&accelerator, &pool(recover), recover, 150, SEED).wrong, 0, "{fault:?}");
        }
        let injected: u64 = injected.load(Ordering::Relaxed);
        println!("{fault:?}: {injected} faults");
        assert!(injected > 0, "{fault:?}");
        let device = &accelerator.metrics().devices[0];
        assert_eq!(device.disagreements, 0, "{fault:?}");
        assert!(device.operations[Operation::Recover.index()].1.items > 0, "{fault:?}");
    }
}

fn open(link: Box<dyn Transport>) -> Option<Accelerator> {
    let mut config = CardConfig::for_kind(DeviceKind::Simulated);
    config.self_test = false;
    let card = Card::open("sim", DeviceKind::Simulated, link, config).ok()?;
    let policy = Policy { backoff: Duration::from_millis(1), ..policy(0.0) };
    Accelerator::builder().device(Arc::new(card)).policy(policy).build().ok()
}
