//! How many tests a program says have passed and failed.

use std::ops::AddAssign;

use crate::process::Finished;

/// Tests passed and failed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Passed.
    pub passed: u64,
    /// Failed.
    pub failed: u64,
    /// Lines that say which ones failed, and why.
    pub failures: Vec<String>,
}

impl Counts {
    /// One check that passed.
    pub(crate) const PASS: Self = Self::new(1, 0);
    /// One check that failed.
    pub(crate) const FAIL: Self = Self::new(0, 1);

    /// So many tests.
    pub(crate) const fn new(passed: u64, failed: u64) -> Self {
        Self { passed, failed, failures: Vec::new() }
    }

    /// Of a program that counts in the form `form`. The exit status has the last word: a
    /// program that failed without a failed test counts as one more failure, and one that
    /// counted nothing is one check by itself.
    pub(crate) fn of(finished: &Finished, form: Form) -> Self {
        let mut counts = form.parse(&finished.lines);
        if !finished.status.success() {
            counts.failed = counts.failed.max(1);
        } else if counts == Self::default() {
            counts = Self::PASS;
        }
        if counts.failed > 0 {
            counts.failures = failures(&finished.lines);
        }
        counts
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.failures.extend(other.failures);
    }
}

/// How a program tells its counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Not at all: one check.
    Status,
    /// `cargo test`: a line `test result: ok. 3 passed; 0 failed; …` for each test program.
    Cargo,
    /// pytest's last line, or a line `3 passed, 1 failed` of another runner; the last one counts.
    Summary,
}

impl Form {
    fn parse(self, lines: &[String]) -> Counts {
        match self {
            Self::Status => Counts::default(),
            Self::Cargo => {
                let mut counts = Counts::default();
                for line in lines.iter().filter(|line| line.starts_with("test result: ")) {
                    counts.passed += before(line, "passed").unwrap_or(0);
                    counts.failed += before(line, "failed").unwrap_or(0);
                }
                counts
            }
            Self::Summary => lines
                .iter()
                .rev()
                .find_map(|line| {
                    let (passed, failed) = (before(line, "passed"), before(line, "failed"));
                    let errors = before(line, "error").or(before(line, "errors"));
                    (passed.is_some() || failed.is_some()).then(|| {
                        Counts::new(passed.unwrap_or(0), failed.unwrap_or(0) + errors.unwrap_or(0))
                    })
                })
                .unwrap_or_default(),
        }
    }
}

/// Lines of a panic's message that are kept, with the one that says where it was.
const PANIC_LINES: usize = 5;

/// What a program says of failed tests: the summaries of the compiler's harness and of pytest, and
/// messages of panics.
fn failures(lines: &[String]) -> Vec<String> {
    let mut said = Vec::new();
    let mut left = 0;
    for line in lines {
        let is_summary = (line.starts_with("test ") && line.ends_with("FAILED"))
            || line.starts_with("FAILED ")
            || line.starts_with("ERROR ")
            || line.starts_with("error: ");
        if line.starts_with("thread '") && line.contains(" panicked at ") {
            left = PANIC_LINES;
        } else if line.starts_with("stack backtrace:") || line.is_empty() {
            left = 0;
        }
        if is_summary || left > 0 {
            said.push(line.clone());
        }
        left = left.saturating_sub(1);
    }
    said
}

/// The number in front of `word`.
fn before(line: &str, word: &str) -> Option<u64> {
    let mut words = line.split([' ', ',', ';', '=']).filter(|word| !word.is_empty());
    let mut number = None;
    words.find_map(|next| {
        if next == word {
            return number;
        }
        number = next.parse().ok();
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn cargo_counts_add_up() {
        let text = "running 3 tests\n\
            test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n\
            test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(Form::Cargo.parse(&lines(text)), Counts::new(5, 1));
    }

    #[test]
    fn the_last_summary_counts() {
        let cases = [
            ("===== 12 passed in 3.21s =====", 12, 0),
            ("=== 1 failed, 12 passed, 2 warnings in 3.21s ===", 12, 1),
            ("5 passed, 0 failed", 5, 0),
            ("1 passed\n7 passed, 2 failed", 7, 2),
            ("=== 3 passed, 2 errors in 0.1s ===", 3, 2),
            ("nothing", 0, 0),
        ];
        for (text, passed, failed) in cases {
            assert_eq!(Form::Summary.parse(&lines(text)), Counts::new(passed, failed), "{text}");
        }
    }

    #[test]
    fn failures_are_told_again() {
        let text = "test a ... ok\n\
            thread 'b' (7) panicked at src/b.rs:3:1:\n\
            assertion `left == right` failed\n  left: 1\n right: 2\n\
            stack backtrace:\n   0: __rustc\n\
            test b ... FAILED\n\
            FAILED tests/c.py::c - assert False";
        let said = failures(&lines(text));
        assert_eq!(said.len(), 6, "{said:?}");
        assert!(!said.iter().any(|line| line.contains("... ok") || line.contains("__rustc")));
    }

    #[test]
    fn a_failing_program_never_counts_as_passed() {
        let run = |script: &str| {
            let mut shell = std::process::Command::new("sh");
            crate::process::quiet(shell.args(["-c", script])).expect("runs")
        };
        let counts = Counts::of(&run("echo 4 passed, 0 failed; exit 1"), Form::Summary);
        assert_eq!(counts, Counts::new(4, 1));
        assert_eq!(Counts::of(&run("exit 1"), Form::Status), Counts::FAIL);
        assert_eq!(Counts::of(&run("exit 0"), Form::Cargo), Counts::PASS);
    }
}
