//! Verdicts of devices that are not the CPU: which are believed, and what happens when one is
//! wrong.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::Policy;
use super::slot::Slot;
use crate::device::{Device, DeviceError, Report};
use crate::operation::Operation;
use crate::verify::{Item, Plan, Profile, Recovered, Verdict, wire_len};

/// Results of [`Device::verify`] and [`Device::recover`].
pub(super) trait Judgement: Copy + PartialEq {
    /// Before anybody has judged.
    const NONE: Self;

    /// The operation of `plan` that has such results.
    fn operation(plan: &Plan<'_>) -> Operation;

    /// Asks a device.
    fn ask(
        device: &dyn Device,
        plan: &Plan<'_>,
        items: &[Item<'_>],
        results: &mut [Self],
    ) -> Result<Report, DeviceError>;

    /// The result of an item whose shape is wrong already.
    fn malformed(verdict: Verdict) -> Self;

    fn verdict(&self) -> Verdict;

    /// As `profile` reports it.
    fn under(self, profile: Profile) -> Self;
}

impl Judgement for Verdict {
    const NONE: Self = Self::Invalid;

    fn operation(plan: &Plan<'_>) -> Operation {
        Operation::Verify(plan.profile.scheme())
    }

    fn ask(
        device: &dyn Device,
        plan: &Plan<'_>,
        items: &[Item<'_>],
        results: &mut [Self],
    ) -> Result<Report, DeviceError> {
        device.verify(plan, items, results)
    }

    fn malformed(verdict: Verdict) -> Self {
        verdict
    }

    fn verdict(&self) -> Verdict {
        *self
    }

    fn under(self, profile: Profile) -> Self {
        self.under(profile)
    }
}

impl Judgement for Recovered {
    const NONE: Self = Self { verdict: Verdict::Invalid, key: [0; 64] };

    fn operation(_: &Plan<'_>) -> Operation {
        Operation::Recover
    }

    fn ask(
        device: &dyn Device,
        plan: &Plan<'_>,
        items: &[Item<'_>],
        results: &mut [Self],
    ) -> Result<Report, DeviceError> {
        device.recover(plan, items, results)
    }

    fn malformed(verdict: Verdict) -> Self {
        Self { verdict, ..Self::NONE }
    }

    fn verdict(&self) -> Verdict {
        self.verdict
    }

    fn under(self, profile: Profile) -> Self {
        Self { verdict: self.verdict.under(profile), ..self }
    }
}

/// Chooses a share of the verdicts, which ones nobody outside can tell.
pub(super) struct Sampler {
    key: RandomState,
    drawn: AtomicU64,
}

impl Sampler {
    pub(super) fn new() -> Self {
        Self { key: RandomState::new(), drawn: AtomicU64::new(0) }
    }

    pub(super) fn takes(&self, share: f64) -> bool {
        if share >= 1.0 {
            return true;
        }
        // A keyed hash of a counter: its key comes from the system's random numbers.
        let number = self.key.hash_one(self.drawn.fetch_add(1, Relaxed));
        (number as f64) < share * 2_f64.powi(64)
    }
}

/// What checks the verdicts of other devices.
pub(super) struct Trust<'a> {
    pub(super) checker: Option<&'a dyn Device>,
    pub(super) sampler: &'a Sampler,
    pub(super) policy: &'a Policy,
}

impl Trust<'_> {
    /// Judges items on `slot`, checks what the policy wants checked, and gives the results the
    /// form of the profile.
    ///
    /// # Errors
    /// Those of the device, and [`DeviceError::Disagreement`].
    pub(super) fn judge<R: Judgement>(
        &self,
        slot: &Slot,
        plan: &Plan<'_>,
        items: &[Item<'_>],
        results: &mut [R],
    ) -> Result<Report, DeviceError> {
        if items.is_empty() {
            return Ok(Report::default());
        }
        let bytes = items.iter().map(|item| item.message.len()).sum();
        slot.call(
            (R::operation(plan), items.len(), bytes),
            results,
            |device, results| R::ask(device, plan, items, results),
            |results| {
                for result in &mut *results {
                    *result = result.under(plan.profile);
                }
                self.check(slot, plan, items, results)
            },
        )
    }

    /// As [`judge`](Self::judge), items that are too long for `slot` on `other`.
    pub(super) fn judge_split<R: Judgement>(
        &self,
        [slot, other]: [&Slot; 2],
        plan: &Plan<'_>,
        items: &[Item<'_>],
        results: &mut [R],
    ) -> Result<(Report, usize), DeviceError> {
        let fits = |index: &usize| wire_len(plan, &items[*index]) <= slot.max_message();
        let (short, long): (Vec<usize>, Vec<usize>) = (0..items.len()).partition(fits);
        let mut report = Report::default();
        for (slot, indices) in [(other, &long), (slot, &short)] {
            let some: Vec<Item<'_>> = indices.iter().map(|&index| items[index]).collect();
            let mut found = vec![R::NONE; some.len()];
            report = self.judge(slot, plan, &some, &mut found)?;
            for (&index, result) in indices.iter().zip(found) {
                results[index] = result;
            }
        }
        Ok((report, long.len()))
    }

    fn check<R: Judgement>(
        &self,
        slot: &Slot,
        plan: &Plan<'_>,
        items: &[Item<'_>],
        results: &[R],
    ) -> Result<(), DeviceError> {
        let Some(checker) = self.checker.filter(|_| !slot.answers_at_once()) else {
            return Ok(());
        };
        let chosen: Vec<usize> = (0..items.len())
            .filter(|&index| match results[index].verdict() {
                _ if slot.is_suspect() => true,
                Verdict::Valid => self.sampler.takes(self.policy.sample_valid),
                _ => self.policy.confirm_invalid,
            })
            .collect();
        if chosen.is_empty() {
            return Ok(());
        }
        let some: Vec<Item<'_>> = chosen.iter().map(|&index| items[index]).collect();
        let mut right = vec![R::NONE; some.len()];
        R::ask(checker, plan, &some, &mut right)?;
        slot.count_checks(R::operation(plan), some.len() as u64);
        for (&item, right) in chosen.iter().zip(right) {
            let (said, right) = (results[item], right.under(plan.profile));
            if said != right {
                return Err(DeviceError::Disagreement {
                    device: slot.name.to_string(),
                    operation: R::operation(plan).name(),
                    item,
                    said: said.verdict(),
                    right: right.verdict(),
                });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_taken() {
        let sampler = Sampler::new();
        let taken = (0..64_000).filter(|_| sampler.takes(1.0 / 64.0)).count();
        assert!((700..1300).contains(&taken), "{taken}");
        assert!((0..1000).all(|_| sampler.takes(1.0) && !sampler.takes(0.0)));
    }
}
