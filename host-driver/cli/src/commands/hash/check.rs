//! `chaincard hash --check`, with the rules of coreutils.

use std::fs::File;
use std::io::{Read, stdin};
use std::path::{Path, PathBuf};

use chaincard::{Accelerator, HashAlgorithm};
use serde::Serialize;

use super::Arguments;
use super::read::digest_files;
use crate::error::{CliError, Verdict};
use crate::output::{Output, warn};

/// Longest checksum file that is read.
const LIMIT: u64 = 256 << 20;

/// What became of one line.
#[derive(Serialize)]
struct Row {
    name: String,
    algorithm: &'static str,
    status: Status,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Good,
    Mismatch,
    Unreadable,
}

pub(super) fn run(
    arguments: &Arguments,
    lists: &[PathBuf],
    accelerator: &Accelerator,
    output: &Output,
) -> Result<Verdict, CliError> {
    let mut rows = Vec::new();
    let mut good = true;
    for list in lists {
        good &= check_list(arguments, list, accelerator, output, &mut rows)?;
    }
    if output.is_json() {
        output.show(&rows, String::new)?;
    }
    Ok(Verdict::of(good))
}

/// Checks the files of one list; whether it is good.
fn check_list(
    arguments: &Arguments,
    list: &Path,
    accelerator: &Accelerator,
    output: &Output,
    rows: &mut Vec<Row>,
) -> Result<bool, CliError> {
    let algorithm = arguments.algorithm;
    let text = read_list(list)?;
    let (entries, malformed) = parse(arguments, list, &text);
    if entries.is_empty() {
        let list = list.display();
        return Err(CliError::Argument(format!(
            "{list}: no properly formatted {} checksum lines found",
            algorithm.name()
        )));
    }
    let files: Vec<PathBuf> = entries.iter().map(|entry| PathBuf::from(&entry.name)).collect();
    let quiet = arguments.quiet || arguments.status || output.is_json();
    let (mut mismatches, mut unreadable, mut verified) = (0, 0, 0);
    let mut expected = entries.iter();
    digest_files(accelerator, algorithm, &files, |file| {
        let entry = expected.next();
        let status = match &file.result {
            Ok((digest, _)) if entry.is_some_and(|entry| entry.digest == *digest) => Status::Good,
            Ok(_) => Status::Mismatch,
            Err(error) => {
                let missing = error.kind() == std::io::ErrorKind::NotFound;
                if missing && arguments.ignore_missing {
                    return Ok(());
                }
                if !arguments.status {
                    warn(&format!("{}: {error}", file.name));
                }
                Status::Unreadable
            }
        };
        let word = match status {
            Status::Good => "OK",
            Status::Mismatch => "FAILED",
            Status::Unreadable => "FAILED open or read",
        };
        verified += usize::from(status == Status::Good);
        mismatches += usize::from(status == Status::Mismatch);
        unreadable += usize::from(status == Status::Unreadable);
        if !(output.is_json() || arguments.status || (quiet && status == Status::Good)) {
            output.text(&format!("{}: {word}\n", file.name))?;
        }
        rows.push(Row { name: file.name.clone(), algorithm: algorithm.name(), status });
        Ok(())
    })?;
    if !arguments.status {
        summarise(malformed, "line is", "lines are", "improperly formatted");
        summarise(unreadable, "listed file", "listed files", "could not be read");
        summarise(mismatches, "computed checksum", "computed checksums", "did NOT match");
    }
    if arguments.ignore_missing && verified == 0 && mismatches == 0 {
        warn(&format!("{}: no file was verified", list.display()));
        return Ok(false);
    }
    Ok(mismatches == 0 && unreadable == 0 && (malformed == 0 || !arguments.strict))
}

fn summarise(count: usize, one: &str, many: &str, what: &str) {
    if count > 0 {
        warn(&format!("WARNING: {count} {} {what}", if count == 1 { one } else { many }));
    }
}

fn read_list(path: &Path) -> Result<Vec<u8>, CliError> {
    let mut input: Box<dyn Read> = if path == Path::new("-") {
        Box::new(stdin())
    } else {
        Box::new(File::open(path).map_err(CliError::file(path))?)
    };
    let mut text = Vec::new();
    input.by_ref().take(LIMIT + 1).read_to_end(&mut text).map_err(CliError::file(path))?;
    if text.len() as u64 > LIMIT {
        return Err(CliError::TooLarge { path: path.to_owned(), limit: LIMIT });
    }
    Ok(text)
}

/// A line of a list.
#[derive(Debug, PartialEq, Eq)]
struct Entry {
    digest: Vec<u8>,
    name: String,
}

/// The lines that are checksums, and how many are not.
fn parse(arguments: &Arguments, list: &Path, text: &[u8]) -> (Vec<Entry>, usize) {
    let (mut entries, mut malformed) = (Vec::new(), 0);
    for (index, line) in text.split(|&byte| byte == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() || line.starts_with(b"#") {
            continue;
        }
        let entry = std::str::from_utf8(line).ok().and_then(|l| parse_line(l, arguments.algorithm));
        match entry {
            Some(entry) => entries.push(entry),
            None => {
                malformed += 1;
                if arguments.warn {
                    let (list, number) = (list.display(), index + 1);
                    let name = arguments.algorithm.name();
                    warn(&format!("{list}: {number}: improperly formatted {name} checksum line"));
                }
            }
        }
    }
    (entries, malformed)
}

/// `digest  name` or `digest *name`; with a backslash in front, the name is escaped.
fn parse_line(line: &str, algorithm: HashAlgorithm) -> Option<Entry> {
    let (escaped, line) = match line.strip_prefix('\\') {
        Some(rest) => (true, rest),
        None => (false, line),
    };
    let (digest, name) = line.split_once(' ')?;
    let name = name.strip_prefix([' ', '*'])?;
    let digest = hex::decode(digest).ok()?;
    if digest.len() != algorithm.digest_len() || name.is_empty() {
        return None;
    }
    let name = if escaped { unescape(name)? } else { name.to_owned() };
    Some(Entry { digest, name })
}

fn unescape(name: &str) -> Option<String> {
    let mut text = String::new();
    let mut characters = name.chars();
    while let Some(character) = characters.next() {
        text.push(match character {
            '\\' => match characters.next()? {
                '\\' => '\\',
                'n' => '\n',
                'r' => '\r',
                _ => return None,
            },
            other => other,
        });
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_coreutils() {
        let digest = "ab".repeat(32);
        let entry = |name: &str| Some(Entry { digest: vec![0xab; 32], name: name.to_owned() });
        let parse = |line: &str| parse_line(line, HashAlgorithm::Sha256);
        assert_eq!(parse(&format!("{digest}  a b")), entry("a b"));
        assert_eq!(parse(&format!("{digest} *a")), entry("a"));
        assert_eq!(parse(&format!("{}   a", digest.to_uppercase())), entry(" a"));
        assert_eq!(parse(&format!("\\{digest}  a\\\\b\\nc")), entry("a\\b\nc"));
        assert_eq!(super::super::line(&[0xab; 32], "a\\b\nc"), format!("\\{digest}  a\\\\b\\nc\n"));
        for bad in ["", "ab  a", &digest, &format!("{digest} "), &format!("{digest} a")] {
            assert_eq!(parse(bad), None, "{bad:?}");
        }
        assert_eq!(parse(&format!("{digest}  ")), None);
        assert_eq!(parse(&format!("\\{digest}  a\\x")), None);
        assert_eq!(parse_line(&format!("{digest}  a"), HashAlgorithm::Sha512), None);
    }
}
