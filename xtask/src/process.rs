//! Running programs: output live to the terminal, and kept for the counts.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc;

use crate::error::TaskError;

/// What a program printed and how it ended.
#[derive(Debug)]
pub(crate) struct Finished {
    /// Lines of both output streams, without colours.
    pub lines: Vec<String>,
    /// How it ended.
    pub status: ExitStatus,
}

/// A command in `folder` with arguments split at spaces.
pub(crate) fn command(
    program: impl AsRef<std::ffi::OsStr>,
    arguments: &str,
    folder: &Path,
) -> Command {
    let mut command = Command::new(program);
    command.args(arguments.split_whitespace()).current_dir(folder).stdin(Stdio::null());
    command
}

/// The command as a user would type it.
pub(crate) fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(command.get_program()).to_string_lossy();
    let mut text = name.into_owned();
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    text
}

/// Runs a command, showing its output as it comes.
pub(crate) fn live(command: &mut Command) -> Result<Finished, TaskError> {
    println!("$ {}", shown(command));
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|source| TaskError::Start { program: shown(command), source })?;
    let (sender, receiver) = mpsc::channel();
    let streams: [Option<Box<dyn Read + Send>>; 2] = [
        child.stdout.take().map(|stream| Box::new(stream) as Box<dyn Read + Send>),
        child.stderr.take().map(|stream| Box::new(stream) as Box<dyn Read + Send>),
    ];
    for stream in streams.into_iter().flatten() {
        let sender = sender.clone();
        std::thread::spawn(move || forward(stream, &sender));
    }
    drop(sender);
    let mut lines = Vec::new();
    let mut out = std::io::stdout();
    for mut line in receiver {
        // A line cut off at the end must not run into the next one.
        if line.last() != Some(&b'\n') {
            line.push(b'\n');
        }
        // A closed terminal must not end the run.
        let _ = out.write_all(&line).and_then(|()| out.flush());
        let text = String::from_utf8_lossy(&line);
        lines.push(without_colours(text.trim_end_matches(['\n', '\r'])));
    }
    let status =
        child.wait().map_err(|source| TaskError::Start { program: shown(command), source })?;
    Ok(Finished { lines, status })
}

/// Runs a command without showing its output.
pub(crate) fn quiet(command: &mut Command) -> Result<Finished, TaskError> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|source| TaskError::Start { program: shown(command), source })?;
    let text = [output.stdout, output.stderr].concat();
    let lines = String::from_utf8_lossy(&text).lines().map(without_colours).collect();
    Ok(Finished { lines, status: output.status })
}

impl Finished {
    /// The same, or an error when the program failed.
    pub(crate) fn success(self, command: &Command) -> Result<Self, TaskError> {
        if self.status.success() {
            Ok(self)
        } else {
            Err(TaskError::Failed { program: shown(command), status: self.status })
        }
    }
}

fn forward(stream: impl Read, sender: &mpsc::Sender<Vec<u8>>) {
    let mut reader = BufReader::new(stream);
    loop {
        let mut line = Vec::new();
        match reader.read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) => {
                if sender.send(line).is_err() {
                    return;
                }
            }
        }
    }
}

/// `text` without ANSI escape sequences.
fn without_colours(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            // CSI: parameters, then one letter.
            characters.by_ref().find(|c| c.is_ascii_alphabetic());
        } else {
            plain.push(character);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_removed() {
        assert_eq!(without_colours("test result: \u{1b}[32mok\u{1b}[m. 3"), "test result: ok. 3");
        assert_eq!(without_colours("plain"), "plain");
    }

    #[test]
    fn both_streams_and_the_status_come_back() {
        let mut shell = Command::new("sh");
        shell.args(["-c", "echo out; echo err >&2; printf last; exit 3"]);
        let finished = live(&mut shell).expect("runs");
        let mut lines = finished.lines.clone();
        lines.sort();
        assert_eq!(lines, ["err", "last", "out"]);
        assert_eq!(finished.status.code(), Some(3));
        assert!(matches!(finished.success(&shell), Err(TaskError::Failed { .. })));
    }
}
