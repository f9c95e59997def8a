//! What a worker does with a batch of jobs.

use super::Error;
use super::core::Core;
use super::queue::Pending;
use super::trust::Judgement;
use super::work::{Part, Work};
use crate::device::{DeviceError, Report};
use crate::hash::{Digests, HashAlgorithm, Messages};
use crate::verify::{Item, Plan, Verdict};

/// What the device told, how many items were answered elsewhere, and each job's results.
type Executed = Result<((Report, usize), Vec<Part>), DeviceError>;

/// Answers the jobs of a batch, which join, or puts them back for another device.
pub(super) fn execute(core: &Core, index: usize, mut batch: Vec<Pending>) {
    let Some(first) = batch.first_mut() else { return };
    let operation = first.work.operation();
    let outcome = match &mut first.work {
        Work::Msm(job, _, progress) => core
            .multiply(index, &job.request(), progress)
            .map(|told| (told, vec![Part::Point(progress.take())])),
        _ => answer(core, index, &batch),
    };
    match outcome {
        Ok(((report, elsewhere), parts)) => {
            let jobs = batch.len();
            let fallback = core.slots[index].fallback;
            let fallbacks =
                batch.iter().filter(|pending| fallback || pending.tried != 0).count() as u64;
            core.slots[index].count_jobs(operation, jobs as u64, fallbacks);
            for (pending, part) in batch.into_iter().zip(parts) {
                let failed_before = pending.tried != 0;
                let outcome = core.outcome(index, report, jobs, elsewhere, failed_before);
                pending.work.succeed(part, outcome);
            }
        }
        Err(error) if error.is_callers_fault() => {
            let error = Error::from(error);
            for pending in batch {
                core.fail(pending.work, error.clone());
            }
        }
        Err(error) => {
            let mut queue = core.lock();
            while let Some(mut pending) = batch.pop() {
                pending.tried |= 1 << index;
                queue.push_front(pending);
            }
            drop(queue);
            core.take_out(index, error);
        }
    }
}

/// Answers jobs that join, of which there is one.
fn answer(core: &Core, index: usize, batch: &[Pending]) -> Executed {
    match batch.first().map(|pending| &pending.work) {
        Some(Work::Hash(job, _)) => hash(core, index, job.algorithm(), batch),
        Some(Work::Verify(job, _)) => judge(core, index, &job.plan(), batch, Part::Verdicts),
        Some(Work::Recover(job, _)) => judge(core, index, &job.plan(), batch, Part::Keys),
        Some(Work::Msm(..)) | None => Ok(((Report::default(), 0), Vec::new())),
    }
}

fn hash(core: &Core, index: usize, algorithm: HashAlgorithm, batch: &[Pending]) -> Executed {
    let all: Vec<Messages<'_>> = batch
        .iter()
        .filter_map(|pending| match &pending.work {
            Work::Hash(job, _) => Some(job.messages()),
            _ => None,
        })
        .collect();
    if let [messages] = all.as_slice() {
        let mut digests = Digests::zeroed(algorithm, messages.len());
        let told = core.hash(index, algorithm, messages, digests.as_bytes_mut())?;
        return Ok((told, vec![Part::Digests(digests)]));
    }
    let slices: Vec<&[u8]> = all.iter().flat_map(Messages::iter).collect();
    let mut digests = Digests::zeroed(algorithm, slices.len());
    let told = core.hash(index, algorithm, &Messages::Slices(&slices), digests.as_bytes_mut())?;
    let mut rest = digests.as_bytes();
    let parts = all.iter().map(|messages| {
        let mut part = Digests::zeroed(algorithm, messages.len());
        let (own, others) = rest.split_at(part.as_bytes().len());
        part.as_bytes_mut().copy_from_slice(own);
        rest = others;
        Part::Digests(part)
    });
    Ok((told, parts.collect()))
}

fn judge<R: Judgement>(
    core: &Core,
    index: usize,
    plan: &Plan<'_>,
    batch: &[Pending],
    part: impl Fn(Vec<R>) -> Part,
) -> Executed {
    let all: Vec<Vec<Result<Item<'_>, Verdict>>> = batch
        .iter()
        .filter_map(|pending| match &pending.work {
            Work::Hash(..) | Work::Msm(..) => None,
            Work::Verify(job, _) => Some(job.entries().collect()),
            Work::Recover(job, _) => Some(job.entries().collect()),
        })
        .collect();
    let items: Vec<Item<'_>> = all.iter().flatten().flatten().copied().collect();
    let mut results = vec![R::NONE; items.len()];
    let told = core.judge(index, plan, &items, &mut results)?;
    let mut results = results.into_iter();
    let parts = all.iter().map(|entries| part(in_order(entries, &mut results)));
    Ok((told, parts.collect()))
}

/// The results of all items, in order, from those of the well-formed ones.
pub(super) fn in_order<R: Judgement>(
    entries: &[Result<Item<'_>, Verdict>],
    results: &mut impl Iterator<Item = R>,
) -> Vec<R> {
    let result = |entry: &Result<Item<'_>, Verdict>| match entry {
        Ok(_) => results.next().unwrap_or(R::NONE),
        Err(verdict) => R::malformed(*verdict),
    };
    entries.iter().map(result).collect()
}
