//! Runs the program.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// What the program did.
pub(crate) struct Run {
    /// Exit code.
    pub(crate) code: i32,
    /// Standard output.
    pub(crate) stdout: String,
    /// Standard error.
    pub(crate) stderr: String,
}

impl Run {
    /// Standard output as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}: {:?}, {:?}", self.stdout, self.stderr))
    }

    /// Checks the exit code, and that it is no panic.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert!(!self.stderr.contains("panicked"), "{}", self.stderr);
        assert_eq!(self.code, code, "stdout {:?}, stderr {:?}", self.stdout, self.stderr);
        self
    }
}

/// Runs `chaincard` with these arguments.
pub(crate) fn chaincard(arguments: &[&str]) -> Run {
    chaincard_in(Path::new("."), arguments, b"")
}

/// Runs `chaincard` in a folder, with some standard input.
pub(crate) fn chaincard_in(folder: &Path, arguments: &[&str], input: &[u8]) -> Run {
    chaincard_with(&[], folder, arguments, input)
}

/// As [`chaincard_in`], with some environment variables.
pub(crate) fn chaincard_with(
    variables: &[(&str, &str)],
    folder: &Path,
    arguments: &[&str],
    input: &[u8],
) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_chaincard"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("CHAINCARD_DEVICES")
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        // A program that does not read its input closes the pipe.
        let _ = stdin.write_all(&input);
    });
    let Output { status, stdout, stderr } = child.wait_with_output().expect("the program ends");
    writer.join().expect("written");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Run { code: status.code().expect("an exit code"), stdout: text(stdout), stderr: text(stderr) }
}
