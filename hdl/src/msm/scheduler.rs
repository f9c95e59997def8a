//! Which job is next.

use rust_hdl::prelude::*;

use super::config::Config;
use super::program::{Kind, group};
use crate::prim::{LutRam, Queue, SyncRam};

/// Chooses jobs, so that no two that are in the works touch the same bucket.
///
/// A bucket whose job is in the works is locked; so is, while buckets are summed, the last
/// bucket of the window, where its sum is. An entry for a locked bucket goes to the end of a
/// queue, and the ones behind it are looked at: the multiplier waits only if all entries in both
/// queues are for locked buckets, or the queue is full.
///
/// | port | direction | meaning |
/// | --- | --- | --- |
/// | `clear` | in | a new multiplication: the phase is `CLEAR` |
/// | `cleared` | in | memories are clear |
/// | `clearing` | out | in phase `CLEAR` |
/// | `push`, `entry`, `room` | in, in, out | entries of [`Terms`](super::terms::Terms) |
/// | `filled` | in | the next slot has its point |
/// | `finished` | in | there are no more entries |
/// | `query`, `loaded` | out, in | whether the point of a slot is in rows |
/// | `sums_empty` | in | the last sum has left |
/// | `offer`, `place`, `fetch_free` | in | a thread can take a job; a bucket can be fetched |
/// | `take` | out | it takes this one: |
/// | `entry_step`, `point`, `sign`, `base`, `rows`, `to_rows`, `ready` | out | as ports of [`Threads`](super::threads::Threads) and [`Passes`](super::passes::Passes) |
/// | `done`, `done_place` | in | a job has ended |
/// | `done_slot`, `done_load`, `done_add` | out | of this slot, which kind; one cycle later |
/// | `ended` | out | the multiplication has |
#[derive(LogicBlock)]
pub(super) struct Scheduler {
    pub clock: Signal<In, Clock>,
    pub clear: Signal<In, Bit>,
    pub cleared: Signal<In, Bit>,
    pub clearing: Signal<Out, Bit>,
    pub clear_lock: Signal<In, Bits<12>>,
    pub push: Signal<In, Bit>,
    pub entry: Signal<In, Bits<16>>,
    pub room: Signal<Out, Bit>,
    pub filled: Signal<In, Bit>,
    pub finished: Signal<In, Bit>,
    pub query: Signal<Out, Bits<3>>,
    pub loaded: Signal<In, Bit>,
    pub sums_empty: Signal<In, Bit>,
    pub offer: Signal<In, Bit>,
    pub place: Signal<In, Bits<4>>,
    pub fetch_free: Signal<In, Bit>,
    pub take: Signal<Out, Bit>,
    pub entry_step: Signal<Out, Bits<5>>,
    pub point: Signal<Out, Bits<7>>,
    pub sign: Signal<Out, Bit>,
    pub base: Signal<Out, Bits<17>>,
    pub rows: Signal<Out, Bits<7>>,
    pub to_rows: Signal<Out, Bit>,
    pub ready: Signal<Out, Bit>,
    pub done: Signal<In, Bit>,
    pub done_place: Signal<In, Bits<4>>,
    pub done_slot: Signal<Out, Bits<3>>,
    pub done_load: Signal<Out, Bit>,
    pub done_add: Signal<Out, Bit>,
    pub ended: Signal<Out, Bit>,

    phase: DFF<Bits<3>>,
    /// Bucket; bit 0: sign, 3 … 1: slot.
    entries: Queue<12, 4>,
    waiting: Queue<12, 4>,
    locks: SyncRam<1>,
    /// Of the places: bits 2 … 0 kind, 14 … 3 locked bucket, 17 … 15 slot.
    jobs: LutRam<18, 4>,
    loads: DFF<Bits<4>>,
    load_slot: DFF<Bits<3>>,
    in_works: DFF<Bits<5>>,
    /// Window and bucket that are summed next.
    window: DFF<Bits<7>>,
    first: DFF<Bits<12>>,
    index: DFF<Bits<12>>,
    windows_end: Signal<Local, Bit>,

    /// 0 a candidate is chosen; 1, 2 its lock is read; 3 judged; 4 offered.
    state: DFF<Bits<3>>,
    kind: DFF<Bits<3>>,
    bucket: DFF<Bits<12>>,
    lock: DFF<Bits<12>>,
    slot: DFF<Bits<3>>,
    minus: DFF<Bit>,
    group: DFF<Bits<7>>,
    from_waiting: DFF<Bit>,
    others_turn: DFF<Bit>,
    base_held: DFF<Bits<17>>,
    wide: Signal<Local, Bits<17>>,
    locked: DFF<Bit>,
    main_some: Signal<Local, Bit>,
    takes_main: Signal<Local, Bit>,
    takes_waiting: Signal<Local, Bit>,
    needs_fetch: Signal<Local, Bit>,

    unlock: DFF<Bit>,
    unlock_bucket: DFF<Bits<12>>,
    done_job: DFF<Bits<18>>,
    is_done: DFF<Bit>,

    half: Constant<Bits<12>>,
    last_window: Constant<Bits<7>>,
    is_wide: Constant<Bit>,
    points: Constant<Bits<7>>,
    running: Constant<Bits<7>>,
    infinity: Constant<Bits<7>>,
    full_step: Constant<Bits<5>>,
    load_step: Constant<Bits<5>>,
    output_step: Constant<Bits<5>>,
}

impl Scheduler {
    /// For the windows of `config`.
    pub(super) fn new(config: &Config) -> Self {
        Self {
            clock: Default::default(),
            clear: Default::default(),
            cleared: Default::default(),
            clearing: Default::default(),
            clear_lock: Default::default(),
            push: Default::default(),
            entry: Default::default(),
            room: Default::default(),
            filled: Default::default(),
            finished: Default::default(),
            query: Default::default(),
            loaded: Default::default(),
            sums_empty: Default::default(),
            offer: Default::default(),
            place: Default::default(),
            fetch_free: Default::default(),
            take: Default::default(),
            entry_step: Default::default(),
            point: Default::default(),
            sign: Default::default(),
            base: Default::default(),
            rows: Default::default(),
            to_rows: Default::default(),
            ready: Default::default(),
            done: Default::default(),
            done_place: Default::default(),
            done_slot: Default::default(),
            done_load: Default::default(),
            done_add: Default::default(),
            ended: Default::default(),
            phase: Default::default(),
            entries: Default::default(),
            waiting: Default::default(),
            locks: SyncRam::new(4096),
            jobs: Default::default(),
            loads: Default::default(),
            load_slot: Default::default(),
            in_works: Default::default(),
            window: Default::default(),
            first: Default::default(),
            index: Default::default(),
            windows_end: Default::default(),
            state: Default::default(),
            kind: Default::default(),
            bucket: Default::default(),
            lock: Default::default(),
            slot: Default::default(),
            minus: Default::default(),
            group: Default::default(),
            from_waiting: Default::default(),
            others_turn: Default::default(),
            base_held: Default::default(),
            wide: Default::default(),
            locked: Default::default(),
            main_some: Default::default(),
            takes_main: Default::default(),
            takes_waiting: Default::default(),
            needs_fetch: Default::default(),
            unlock: Default::default(),
            unlock_bucket: Default::default(),
            done_job: Default::default(),
            is_done: Default::default(),
            half: Constant::new((config.buckets() as u64).into()),
            last_window: Constant::new((config.windows() as u64 - 1).into()),
            is_wide: Constant::new(config.stride() == 24),
            points: Constant::new(group::POINTS.into()),
            running: Constant::new(group::RUNNING.into()),
            infinity: Constant::new(group::INFINITY.into()),
            full_step: Constant::new(Kind::Running.entry().into()),
            load_step: Constant::new(Kind::Load.entry().into()),
            output_step: Constant::new(Kind::Output.entry().into()),
        }
    }
}

impl Logic for Scheduler {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(
            self,
            clock,
            phase,
            loads,
            load_slot,
            in_works,
            window,
            first,
            index,
            state,
            kind,
            bucket,
            lock,
            slot,
            minus,
            group,
            from_waiting,
            others_turn,
            base_held,
            locked,
            unlock,
            unlock_bucket,
            done_job,
            is_done
        );
        clock!(self, clock, entries, waiting, locks, jobs);
        self.clearing.next = self.phase.q.val() == 0;

        // Queues.
        self.entries.clear.next = self.clearing.val();
        self.entries.push.next = self.push.val();
        self.entries.in_main.next = self.entry.val().get_bits::<12>(0);
        self.entries.in_extra.next = self.entry.val().get_bits::<4>(12);
        self.room.next = self.entries.room.val();
        self.waiting.clear.next = self.clearing.val();
        self.waiting.push.next = false;
        self.waiting.in_main.next = self.bucket.q.val();
        self.waiting.in_extra.next = bit_cast::<4, 3>(self.slot.q.val()) << 1;
        if self.minus.q.val() {
            self.waiting.in_extra.next = (bit_cast::<4, 3>(self.slot.q.val()) << 1) | 1;
        }
        self.query.next = self.entries.extra.val().get_bits::<3>(1);
        self.main_some.next = self.entries.some.val() & self.loaded.val();
        self.takes_waiting.next =
            self.waiting.some.val() & (!self.others_turn.q.val() | !self.main_some.val());
        self.takes_main.next = self.main_some.val() & !self.takes_waiting.val();
        self.entries.pop.next = false;
        self.waiting.pop.next = false;
        if self.filled.val() {
            self.loads.d.next = self.loads.q.val() + 1;
        }

        // What a candidate needs.
        self.wide.next = (bit_cast::<17, 12>(self.bucket.q.val()) << 5)
            + (bit_cast::<17, 12>(self.bucket.q.val()) << 4);
        if self.is_wide.val() {
            self.wide.next = (bit_cast::<17, 12>(self.bucket.q.val()) << 6)
                + (bit_cast::<17, 12>(self.bucket.q.val()) << 3);
        }
        self.base_held.d.next = self.wide.val();
        self.locks.read_address.next = bit_cast::<16, 12>(self.lock.q.val());
        self.locked.d.next = self.locks.read_data.val().any();
        self.windows_end.next = self.window.q.val() == self.last_window.val();
        self.take.next = false;
        self.needs_fetch.next = self.kind.q.val() != 3;

        if self.state.q.val() == 0 {
            self.minus.d.next = false;
            self.from_waiting.d.next = false;
            if self.phase.q.val() == 1 {
                self.kind.d.next = 0.into();
                if self.loads.q.val().any() {
                    self.kind.d.next = 3.into();
                    self.slot.d.next = self.load_slot.q.val();
                    self.group.d.next =
                        self.points.val() | bit_cast::<7, 3>(self.load_slot.q.val());
                    self.state.d.next = 4.into();
                } else {
                    if self.takes_waiting.val() {
                        self.from_waiting.d.next = true;
                        self.bucket.d.next = self.waiting.main.val();
                        self.lock.d.next = self.waiting.main.val();
                        self.minus.d.next = self.waiting.extra.val().get_bit(0);
                        self.slot.d.next = self.waiting.extra.val().get_bits::<3>(1);
                        self.group.d.next = self.points.val()
                            | bit_cast::<7, 3>(self.waiting.extra.val().get_bits::<3>(1));
                        self.state.d.next = 1.into();
                    }
                    if self.takes_main.val() {
                        self.bucket.d.next = self.entries.main.val();
                        self.lock.d.next = self.entries.main.val();
                        self.minus.d.next = self.entries.extra.val().get_bit(0);
                        self.slot.d.next = self.entries.extra.val().get_bits::<3>(1);
                        self.group.d.next = self.points.val()
                            | bit_cast::<7, 3>(self.entries.extra.val().get_bits::<3>(1));
                        self.state.d.next = 1.into();
                    }
                    if self.finished.val()
                        & !self.entries.some.val()
                        & !self.waiting.some.val()
                        & !self.in_works.q.val().any()
                    {
                        self.phase.d.next = 2.into();
                        self.window.d.next = 0.into();
                        self.first.d.next = 0.into();
                        self.index.d.next = self.half.val() - 1;
                    }
                }
            }
            // The sum of a window stands in place of its last bucket.
            if (self.phase.q.val() == 2) | (self.phase.q.val() == 3) | (self.phase.q.val() == 4) {
                self.bucket.d.next = self.first.q.val() + self.index.q.val();
                self.kind.d.next = 1.into();
                if self.phase.q.val() == 4 {
                    self.bucket.d.next = self.first.q.val() + self.half.val() - 1;
                    self.kind.d.next = 2.into();
                }
                self.lock.d.next = self.first.q.val() + self.half.val() - 1;
                self.group.d.next = self.running.val() | self.window.q.val();
                self.state.d.next = 1.into();
            }
            if (self.phase.q.val() == 5) & !self.in_works.q.val().any() & self.sums_empty.val() {
                self.bucket.d.next = self.first.q.val() + self.half.val() - 1;
                self.lock.d.next = self.first.q.val() + self.half.val() - 1;
                self.kind.d.next = 4.into();
                self.state.d.next = 1.into();
                if self.window.q.val() == self.last_window.val() + 1 {
                    self.state.d.next = 0.into();
                    self.phase.d.next = 6.into();
                }
            }
        }
        if self.state.q.val() == 1 {
            self.state.d.next = 2.into();
        }
        if self.state.q.val() == 2 {
            self.state.d.next = 3.into();
        }
        if self.state.q.val() == 3 {
            self.state.d.next = 4.into();
            if self.locked.q.val() {
                self.state.d.next = 0.into();
                self.others_turn.d.next = !self.others_turn.q.val();
                if self.phase.q.val() == 1 {
                    if self.from_waiting.q.val() {
                        self.waiting.pop.next = true;
                        self.waiting.push.next = true;
                    } else {
                        if self.waiting.room.val() {
                            self.entries.pop.next = true;
                            self.waiting.push.next = true;
                        }
                    }
                }
            }
        }
        if (self.state.q.val() == 4)
            & self.offer.val()
            & !self.unlock.q.val()
            & (self.fetch_free.val() | !self.needs_fetch.val())
        {
            self.take.next = true;
            self.state.d.next = 0.into();
            if self.phase.q.val() == 1 {
                if self.kind.q.val() == 3 {
                    self.load_slot.d.next = self.load_slot.q.val() + 1;
                    self.loads.d.next = self.loads.q.val() - 1;
                    if self.filled.val() {
                        self.loads.d.next = self.loads.q.val();
                    }
                } else {
                    self.entries.pop.next = !self.from_waiting.q.val();
                    self.waiting.pop.next = self.from_waiting.q.val();
                }
            } else {
                self.window.d.next = self.window.q.val() + 1;
                self.first.d.next = self.first.q.val() + self.half.val();
                if self.windows_end.val() & (self.phase.q.val() != 5) {
                    self.window.d.next = 0.into();
                    self.first.d.next = 0.into();
                    self.phase.d.next = 4.into();
                    if self.phase.q.val() != 3 {
                        self.index.d.next = self.index.q.val() - 1;
                        self.phase.d.next = 3.into();
                        if !self.index.q.val().any() {
                            self.phase.d.next = 5.into();
                        }
                    }
                }
            }
        }

        // The job that is taken.
        self.entry_step.next = 0.into();
        if self.kind.q.val().get_bits::<2>(0).any() {
            self.entry_step.next = self.full_step.val();
        }
        if self.kind.q.val() == 3 {
            self.entry_step.next = self.load_step.val();
        }
        if self.kind.q.val() == 4 {
            self.entry_step.next = self.output_step.val();
        }
        self.point.next = self.group.q.val();
        if self.phase.q.val() == 2 {
            self.point.next = self.infinity.val();
        }
        self.sign.next = self.minus.q.val();
        self.base.next = self.base_held.q.val();
        self.rows.next = self.group.q.val();
        self.to_rows.next = self.kind.q.val() == 1;
        self.ready.next = !self.needs_fetch.val();
        self.jobs.write_enable.next = self.take.val();
        self.jobs.write_address.next = self.place.val();
        self.jobs.write_data.next = bit_cast::<18, 3>(self.kind.q.val())
            | (bit_cast::<18, 12>(self.lock.q.val()) << 3)
            | (bit_cast::<18, 3>(self.slot.q.val()) << 15);

        // The job that has ended.
        self.jobs.read_address.next = self.done_place.val();
        self.done_job.d.next = self.jobs.read_data.val();
        self.is_done.d.next = self.done.val() & !self.clearing.val();
        self.done_slot.next = self.done_job.q.val().get_bits::<3>(15);
        self.done_load.next = self.is_done.q.val() & (self.done_job.q.val().get_bits::<3>(0) == 3);
        self.done_add.next = self.is_done.q.val() & (self.done_job.q.val().get_bits::<3>(0) == 0);
        if self.is_done.q.val() & !self.take.val() {
            self.in_works.d.next = self.in_works.q.val() - 1;
        }
        if self.take.val() & !self.is_done.q.val() {
            self.in_works.d.next = self.in_works.q.val() + 1;
        }
        self.unlock.d.next = false;
        if self.is_done.q.val() & (self.done_job.q.val().get_bits::<3>(0) != 3) {
            self.unlock.d.next = true;
            self.unlock_bucket.d.next = self.done_job.q.val().get_bits::<12>(3);
        }
        self.locks.write.next = self.unlock.q.val();
        self.locks.write_address.next = bit_cast::<16, 12>(self.unlock_bucket.q.val());
        self.locks.write_data.next = 0.into();
        if self.take.val() & self.needs_fetch.val() {
            self.locks.write.next = true;
            self.locks.write_address.next = bit_cast::<16, 12>(self.lock.q.val());
            self.locks.write_data.next = 1.into();
        }

        if self.clearing.val() {
            self.locks.write.next = true;
            self.locks.write_address.next = bit_cast::<16, 12>(self.clear_lock.val());
            self.locks.write_data.next = 0.into();
            self.state.d.next = 0.into();
            self.loads.d.next = 0.into();
            self.load_slot.d.next = 0.into();
            self.in_works.d.next = 0.into();
            self.unlock.d.next = false;
            self.is_done.d.next = false;
            self.others_turn.d.next = false;
            if self.cleared.val() {
                self.phase.d.next = 1.into();
            }
        }
        self.ended.next = self.phase.q.val() == 6;
        if self.clear.val() {
            self.phase.d.next = 0.into();
        }
    }
}
