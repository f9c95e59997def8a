//! Multiplications on a device: part by part, and which sums of devices other than the CPU are
//! believed.

use super::slot::Slot;
use super::trust::Trust;
use crate::device::{Device, DeviceError, Report, SumFault};
use crate::msm::group::{self, Place};
use crate::msm::{Bases, SCALAR_BYTES, Terms};
use crate::operation::Operation;

/// What is asked for. Scalars keep the caller's rules, and are as many as the bases.
pub(super) struct Request<'a> {
    pub(super) bases: &'a Bases,
    pub(super) scalars: &'a [[u8; SCALAR_BYTES]],
    /// As [`Msm::chunk`](crate::msm::Msm::chunk).
    pub(super) chunk: usize,
}

/// How far a multiplication is: what one device has done need not be done again when it fails.
#[derive(Debug, Default)]
pub(super) struct Progress {
    terms: usize,
    /// Their sum; empty where there is none yet.
    sum: Vec<u8>,
}

impl Progress {
    pub(super) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.sum)
    }
}

/// The sum of some terms, and that of their twins if it is to be checked by them.
#[derive(Default)]
struct Sums {
    sum: Vec<u8>,
    twin: Option<Vec<u8>>,
}

impl Trust<'_> {
    /// Multiplies on `slot` the terms that are left.
    ///
    /// # Errors
    /// Those of the device, and [`DeviceError::WrongSum`], which leaves nothing done: what such a
    /// device has said before may be wrong as well.
    pub(super) fn multiply(
        &self,
        slot: &Slot,
        request: &Request<'_>,
        progress: &mut Progress,
    ) -> Result<Report, DeviceError> {
        let outcome = self.multiply_rest(slot, request, progress);
        if let Err(DeviceError::WrongSum { .. }) = outcome {
            *progress = Progress::default();
        }
        outcome
    }

    fn multiply_rest(
        &self,
        slot: &Slot,
        Request { bases, scalars, chunk }: &Request<'_>,
        progress: &mut Progress,
    ) -> Result<Report, DeviceError> {
        let mut all = Report::default();
        let group = group::of(bases.curve());
        if progress.sum.is_empty() {
            progress.sum = vec![0; bases.curve().point_bytes()];
        }
        let rest = Terms::new(bases, progress.terms, &scalars[progress.terms..])?;
        for part in rest.with_chunk(*chunk).parts(slot.part(*chunk)) {
            let (report, sum) = self.multiply_part(slot, &part)?;
            progress.sum = group
                .add(&progress.sum, &sum)
                .ok_or_else(|| wrong(slot, &part, SumFault::NoPoint))?;
            progress.terms += part.len();
            all.retries += report.retries;
            all.cycles = match (all.cycles, report.cycles) {
                (Some(one), Some(other)) => Some(one + other),
                (one, other) => one.or(other),
            };
        }
        Ok(all)
    }

    /// The sum of terms that are not too many for `slot`, checked.
    fn multiply_part(
        &self,
        slot: &Slot,
        terms: &Terms<'_>,
    ) -> Result<(Report, Vec<u8>), DeviceError> {
        // The CPU's word counts; that of a device which was wrong before does not.
        let twins = terms.twins().filter(|_| !slot.answers_at_once() && !slot.is_suspect());
        let mut sums = Sums::default();
        let report = slot.call(
            (Operation::Msm(terms.curve()), terms.len(), terms.len() * SCALAR_BYTES),
            &mut sums,
            |device, sums| {
                let report = ask(device, terms, &mut sums.sum)?;
                if let Some(twins) = &twins {
                    ask(device, twins, sums.twin.insert(Vec::new()))?;
                }
                Ok(report)
            },
            |sums| self.check_sum(slot, terms, sums),
        )?;
        Ok((report, sums.sum))
    }

    /// Checks a sum. Where bases are outside the group, for which the caller has vouched, a device
    /// is not to blame for what seems wrong: the sum becomes the CPU's.
    fn check_sum(
        &self,
        slot: &Slot,
        terms: &Terms<'_>,
        sums: &mut Sums,
    ) -> Result<(), DeviceError> {
        if slot.answers_at_once() {
            return Ok(());
        }
        let operation = Operation::Msm(terms.curve());
        // What the caller has vouched for matters only where something is wrong.
        let blame = |fault| match terms.bases().are_in_subgroup() {
            true => Err(wrong(slot, terms, fault)),
            false => Ok(()),
        };
        let mut is_odd = false;
        match group::of(terms.curve()).place(&sums.sum) {
            Place::Nowhere => return Err(wrong(slot, terms, SumFault::NoPoint)),
            Place::Curve => {
                blame(SumFault::Outside)?;
                is_odd = true;
            }
            Place::Group => {}
        }
        if let Some(twin) = &sums.twin {
            slot.count_checks(operation, 1);
            if !is_odd && terms.agree(&sums.sum, twin) {
                return Ok(());
            }
            blame(SumFault::Check)?;
            is_odd = true;
        }
        let Some(checker) = self.checker else { return Ok(()) };
        if !is_odd && !slot.is_suspect() && !self.sampler.takes(self.policy.sample_valid) {
            return Ok(());
        }
        let mut right = Vec::new();
        ask(checker, terms, &mut right)?;
        slot.count_checks(operation, 1);
        if right != sums.sum {
            blame(SumFault::Cpu)?;
            sums.sum = right;
        }
        Ok(())
    }
}

fn ask(device: &dyn Device, terms: &Terms<'_>, sum: &mut Vec<u8>) -> Result<Report, DeviceError> {
    sum.resize(terms.curve().point_bytes(), 0);
    device.multiply(terms, sum)
}

fn wrong(slot: &Slot, terms: &Terms<'_>, fault: SumFault) -> DeviceError {
    DeviceError::WrongSum {
        device: slot.name.to_string(),
        curve: terms.curve().name(),
        terms: terms.len(),
        fault,
    }
}
