//! What a process holds while it works for a while: memory, threads, handles.
//!
//! Tests of adapters soak for two seconds; `CHAINCARD_SOAK_SECONDS=600` makes it ten minutes.

use std::fmt;
use std::fs;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// Environment variable with the seconds that a soak takes.
pub const SECONDS: &str = "CHAINCARD_SOAK_SECONDS";

/// Memory may grow by this part, and by [`SLACK`]: allocators keep pages for the threads that come.
const GROWTH: f64 = 0.05;
/// Bytes.
const SLACK: f64 = 2e6;

/// Between two looks at threads and handles.
const PAUSE: Duration = Duration::from_millis(10);

/// Samples of memory in a soak.
const SAMPLES: u32 = 200;

/// What a process holds at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Bytes of memory that are resident.
    pub memory: u64,
    /// Threads.
    pub threads: usize,
    /// Open files, sockets and the like.
    pub handles: usize,
}

impl Held {
    /// By the process of that number, as Linux tells it in `/proc`.
    ///
    /// # Errors
    /// There is no such process, or it is another user's.
    pub fn of(process: u32) -> io::Result<Self> {
        let count = |kind: &str| Ok::<_, io::Error>(fs::read_dir(proc(process, kind))?.count());
        let status = fs::read_to_string(proc(process, "status"))?;
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = resident.and_then(|text| text.trim().strip_suffix(" kB")?.parse::<u64>().ok());
        let memory = 1024 * kib.ok_or(io::ErrorKind::NotFound)?;
        Ok(Self { memory, threads: count("task")?, handles: count("fd")? })
    }

    /// By this process.
    ///
    /// # Errors
    /// There is no `/proc`.
    pub fn here() -> io::Result<Self> {
        Self::of(std::process::id())
    }

    /// By this process when its threads and handles have stayed as many for half a second, or after
    /// ten: threads that were waited for end a little later.
    ///
    /// # Errors
    /// There is no `/proc`.
    pub fn at_rest() -> io::Result<Self> {
        let mut held = Self::here()?;
        let mut same = 0;
        for _ in 0..1000 {
            std::thread::sleep(PAUSE);
            let now = Self::here()?;
            let is_same = (now.threads, now.handles) == (held.threads, held.handles);
            same = if is_same { same + 1 } else { 0 };
            held = now;
            if same == 50 {
                break;
            }
        }
        Ok(held)
    }

    /// What this process holds when it has no more threads and handles than here, or after ten
    /// seconds: pools of threads end soon after their owner, not with it.
    ///
    /// # Errors
    /// There is no `/proc`.
    pub fn settled(&self) -> io::Result<Self> {
        for _ in 0..1000 {
            let now = Self::here()?;
            if now.is_within(self) {
                return Ok(now);
            }
            std::thread::sleep(PAUSE);
        }
        Self::here()
    }

    /// Whether there are no more threads and handles than there.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        self.threads <= other.threads && self.handles <= other.handles
    }
}

fn proc(process: u32, kind: &str) -> String {
    format!("/proc/{process}/{kind}")
}

/// Memory of a process over time.
#[derive(Clone, Debug)]
pub struct Soak {
    /// How long it was watched.
    pub time: Duration,
    /// Bytes that were resident, in equal distances of time.
    pub memory: Vec<u64>,
}

impl Soak {
    /// How long to soak.
    ///
    /// # Panics
    /// If the environment has [`SECONDS`] that are no number.
    pub fn seconds() -> u32 {
        match std::env::var(SECONDS) {
            Ok(text) => text.parse().unwrap_or_else(|_| panic!("{SECONDS}={text}: no number")),
            Err(_) => 2,
        }
    }

    /// Watches a process for [`Self::seconds`].
    ///
    /// # Errors
    /// As of [`Held::of`]: the process has ended, for one.
    pub fn watch(process: u32) -> io::Result<Self> {
        let time = Duration::from_secs(Self::seconds().into());
        let start = Instant::now();
        let mut memory = Vec::new();
        for sample in 1..=SAMPLES {
            let until = start + time * sample / SAMPLES;
            std::thread::sleep(until.saturating_duration_since(Instant::now()));
            memory.push(Held::of(process)?.memory);
        }
        Ok(Self { time, memory })
    }

    /// Watches this process while `threads` threads do `work` again and again, each with its
    /// number and that of the round. Gives the calls of `work` as well.
    ///
    /// # Errors
    /// There is no `/proc`.
    pub fn work(threads: u64, work: impl Fn(u64, u64) + Sync) -> io::Result<(Self, u64)> {
        let (ended, calls) = (AtomicBool::new(false), AtomicU64::new(0));
        let soak = std::thread::scope(|scope| {
            for thread in 0..threads {
                let (ended, calls, work) = (&ended, &calls, &work);
                scope.spawn(move || {
                    for round in (0..).take_while(|_| !ended.load(Relaxed)) {
                        work(thread, round);
                        calls.fetch_add(1, Relaxed);
                    }
                });
            }
            let soak = Self::watch(std::process::id());
            ended.store(true, Relaxed);
            soak
        });
        Ok((soak?, calls.into_inner()))
    }

    /// Mean of the second quarter and of the last one: the first is for tables and pools.
    fn means(&self) -> [f64; 2] {
        let quarter = self.memory.len() / 4;
        let mean = |samples: &[u64]| samples.iter().sum::<u64>() as f64 / samples.len() as f64;
        [mean(&self.memory[quarter..2 * quarter]), mean(&self.memory[3 * quarter..])]
    }

    /// Fails if memory grew.
    ///
    /// # Panics
    /// If the last quarter of the time had more than the second, by more than noise.
    #[track_caller]
    pub fn assert_flat(&self) {
        let [before, after] = self.means();
        assert!(after <= before * (1.0 + GROWTH) + SLACK, "{self}: {:?}", self.memory);
    }
}

impl fmt::Display for Soak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [before, after] = self.means().map(|mean| mean / 1e6);
        let most = self.memory.iter().max().copied().unwrap_or(0) as f64 / 1e6;
        let seconds = self.time.as_secs();
        write!(f, "{seconds} s: {before:.2} MB in the second quarter of the time, ")?;
        write!(f, "{after:.2} MB in the last, {most:.2} MB at most")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn soak(memory: impl Iterator<Item = u64>) -> Soak {
        Soak { time: Duration::from_secs(1), memory: memory.collect() }
    }

    #[test]
    fn noise_is_flat() {
        soak((0..200).map(|sample| 50_000_000 + sample % 7 * 300_000)).assert_flat();
    }

    #[test]
    #[should_panic(expected = "MB in the last")]
    fn growth_is_not() {
        soak((0..200).map(|sample| 50_000_000 + sample * 100_000)).assert_flat();
    }

    #[test]
    fn more_threads_or_handles_are_not_within() {
        let held = |threads, handles| Held { memory: 0, threads, handles };
        assert!(held(2, 4).is_within(&held(2, 4)) && held(1, 3).is_within(&held(2, 4)));
        assert!(!held(3, 4).is_within(&held(2, 4)) && !held(2, 5).is_within(&held(2, 4)));
    }

    #[test]
    fn a_thread_and_a_file_are_seen() {
        let before = Held::here().expect("/proc");
        let file = std::fs::File::open("/proc/self/status").expect("/proc");
        let (sender, receiver) = std::sync::mpsc::channel::<()>();
        let thread = std::thread::spawn(move || receiver.recv());
        let meanwhile = Held::here().expect("/proc");
        drop((file, sender));
        assert!(thread.join().expect("it ends").is_err());
        // Other tests of this process come and go.
        assert!(meanwhile.threads > 1 && meanwhile.handles > 3, "{before:?} {meanwhile:?}");
        assert!(Held::of(u32::MAX).is_err());
    }
}
