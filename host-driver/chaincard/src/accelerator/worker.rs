//! The threads behind the queue: one for each device, and one for time limits.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::core::Core;
use super::execute::execute;
use super::queue::{Pending, Queue};

/// What the threads of `core` do.
pub(super) fn bodies(core: &Arc<Core>) -> Vec<Box<dyn FnOnce() + Send>> {
    let mut bodies: Vec<Box<dyn FnOnce() + Send>> = Vec::new();
    for index in 0..core.slots.len() {
        let core = Arc::clone(core);
        bodies.push(Box::new(move || serve(&core, index)));
    }
    if core.policy.job_timeout.is_some() {
        let core = Arc::clone(core);
        bodies.push(Box::new(move || watch_limits(&core)));
    }
    bodies
}

/// What a worker does next.
enum Next {
    Batch(Vec<Pending>),
    Test,
    End,
}

/// Serves device `index` until the end.
fn serve(core: &Core, index: usize) {
    loop {
        match next(core, index) {
            Next::End => return,
            Next::Test => {
                // A failure is in the metrics, and the next test comes later.
                let _ = core.slots[index].test(&core.policy);
                core.work.notify_all();
            }
            Next::Batch(batch) => {
                let jobs = batch.len();
                // Devices' panics are caught below; should anything else panic, the handles of
                // the batch are resolved by being dropped, and the thread serves on.
                let _ = catch_unwind(AssertUnwindSafe(|| execute(core, index, batch)));
                core.lock().running -= jobs;
                core.work.notify_all();
            }
        }
    }
}

/// Waits for something to do.
fn next(core: &Core, index: usize) -> Next {
    let slot = &core.slots[index];
    let mut queue = core.lock();
    loop {
        if queue.closing && queue.jobs.is_empty() && queue.running == 0 {
            return Next::End;
        }
        if let (false, Some(at)) = (slot.in_service(), slot.retry_at()) {
            let wait = at.saturating_duration_since(Instant::now());
            if queue.closing {
                // Others answer what is left.
                queue = core.work.wait(queue).unwrap_or_else(PoisonError::into_inner);
            } else if wait.is_zero() {
                return Next::Test;
            } else {
                queue = wait_for(core, queue, wait);
            }
            continue;
        }
        let mut batch = Vec::new();
        gather(core, index, &mut queue, &mut batch);
        if batch.is_empty() {
            queue = core.work.wait(queue).unwrap_or_else(PoisonError::into_inner);
            continue;
        }
        queue.running += batch.len();
        let takes_company = batch.iter().all(|pending| pending.work.takes_company());
        if takes_company && !slot.answers_at_once() {
            queue = fill(core, index, queue, &mut batch);
        }
        drop(queue);
        core.made_space();
        return Next::Batch(batch);
    }
}

/// Waits a little for more jobs of the same kind.
fn fill<'a>(
    core: &'a Core,
    index: usize,
    mut queue: MutexGuard<'a, Queue>,
    batch: &mut Vec<Pending>,
) -> MutexGuard<'a, Queue> {
    let deadline = Instant::now() + core.policy.coalesce_wait;
    loop {
        let wait = deadline.saturating_duration_since(Instant::now());
        let items: usize = batch.iter().map(|pending| pending.work.items()).sum();
        if queue.closing || wait.is_zero() || items >= core.policy.coalesce_items {
            return queue;
        }
        queue = wait_for(core, queue, wait);
        let before = batch.len();
        gather(core, index, &mut queue, batch);
        queue.running += batch.len() - before;
    }
}

fn wait_for<'a>(
    core: &'a Core,
    queue: MutexGuard<'a, Queue>,
    wait: Duration,
) -> MutexGuard<'a, Queue> {
    core.work.wait_timeout(queue, wait).unwrap_or_else(PoisonError::into_inner).0
}

/// Moves the first job that device `index` may take, and those that fit into one batch with it,
/// from the queue to `batch`. A job with a message that is too long for the device goes alone.
fn gather(core: &Core, index: usize, queue: &mut Queue, batch: &mut Vec<Pending>) {
    let slot = &core.slots[index];
    let is_long = |pending: &Pending| {
        slot.max_message() < usize::MAX && pending.work.longest() > slot.max_message()
    };
    let (mut items, mut bytes) = (0, 0);
    for pending in batch.iter() {
        items += pending.work.items();
        bytes += pending.work.footprint();
        if is_long(pending) {
            return;
        }
    }
    let mut at = 0;
    while at < queue.jobs.len() {
        let pending = &queue.jobs[at];
        if pending.work.is_abandoned() {
            queue.remove(at);
            continue;
        }
        let fits = match batch.first() {
            None => true,
            Some(first) => {
                first.work.joins(&pending.work)
                    && items + pending.work.items() <= core.policy.coalesce_items
                    && bytes + pending.work.footprint() <= core.policy.coalesce_bytes
                    && !is_long(pending)
            }
        };
        if !fits || !core.may_take(index, pending.work.operation(), pending.tried) {
            at += 1;
            continue;
        }
        let alone = batch.is_empty() && is_long(pending);
        items += pending.work.items();
        bytes += pending.work.footprint();
        batch.extend(queue.remove(at));
        if alone || items >= core.policy.coalesce_items || bytes >= core.policy.coalesce_bytes {
            return;
        }
    }
}

/// Tells handles when their time is over, whatever a device is doing.
fn watch_limits(core: &Core) {
    let mut queue = core.lock();
    loop {
        if queue.closing && queue.jobs.is_empty() && queue.running == 0 {
            return;
        }
        let now = Instant::now();
        while let Some((limit, _)) = queue.limits.front() {
            if *limit > now {
                break;
            }
            if let Some(job) = queue.limits.pop_front().and_then(|(_, job)| job.upgrade()) {
                job.expire(&core.failed_jobs);
            }
        }
        let next = queue.limits.front().map(|(limit, _)| limit.saturating_duration_since(now));
        // The end is looked for now and then also when no limit is near.
        let wait = next.unwrap_or(Duration::from_millis(50)).min(Duration::from_millis(50));
        queue = core.limits.wait_timeout(queue, wait).unwrap_or_else(PoisonError::into_inner).0;
    }
}
