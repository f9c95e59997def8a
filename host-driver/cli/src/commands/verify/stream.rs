//! Lines in batches to the device, answers in the order of the lines.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, stdin};
use std::path::{Path, PathBuf};

use chaincard::{Hashing, Messages, Plan};
use serde::Serialize;
use serde_json::Value;

use super::record::{LineError, Purpose, Record, Signed, parse};
use super::rules::Rules;
use crate::error::{CliError, Verdict};
use crate::lines::{self, Line};
use crate::output::{Output, warn};

/// Most lines, and about the most bytes, that go to the device at once.
const BATCH_LINES: usize = 4096;
const BATCH_BYTES: usize = 8 << 20;

/// Signatures of one batch that are judged by one plan.
pub(super) struct Group<'a> {
    pub(super) plan: Plan<'a>,
    messages: Vec<&'a [u8]>,
    public_keys: Vec<&'a [u8]>,
    signatures: Vec<&'a [u8]>,
}

impl Group<'_> {
    pub(super) fn messages(&self) -> Messages<'_> {
        Messages::Slices(&self.messages)
    }

    pub(super) fn public_keys(&self) -> Messages<'_> {
        Messages::Slices(&self.public_keys)
    }

    pub(super) fn signatures(&self) -> Messages<'_> {
        Messages::Slices(&self.signatures)
    }
}

/// What the device says of a signature.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    pub(super) verdict: chaincard::Verdict,
    /// The key that was recovered, and its address where there is such a thing.
    pub(super) public_key: Option<String>,
    pub(super) address: Option<String>,
}

/// What is written about a line. Stable: programs read this.
#[derive(Default, Serialize)]
struct Answer {
    line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    public_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

/// Reads lines of `file`, or of standard input, and writes a line about each; `judge` gives an
/// answer for each signature of a group.
pub(super) fn run(
    purpose: Purpose,
    file: Option<&Path>,
    rules: Rules,
    output: &Output,
    judge: impl FnMut(&Group<'_>) -> Result<Vec<Judged>, CliError>,
) -> Result<Verdict, CliError> {
    let (name, mut input): (PathBuf, Box<dyn BufRead>) = match file {
        Some(path) if path != Path::new("-") => {
            let file = File::open(path).map_err(CliError::file(path))?;
            (path.to_owned(), Box::new(BufReader::new(file)))
        }
        _ => ("standard input".into(), Box::new(stdin().lock())),
    };
    let mut stream = Stream { purpose, rules, judge, batch: Batch::default(), counts: [0; 3] };
    for line in 1.. {
        let Some(bytes) = lines::next(&mut input).map_err(CliError::file(&name))? else { break };
        stream.push(line, &bytes);
        if stream.batch.is_full() {
            stream.finish(output)?;
        }
    }
    stream.finish(output)?;
    let [valid, invalid, bad] = stream.counts;
    if invalid + bad > 0 {
        let name = name.display();
        warn(&format!("{name}: {valid} valid, {invalid} not valid, {bad} lines cannot be used"));
    }
    Ok(match (invalid, bad) {
        (_, 1..) => Verdict::Unusable,
        (invalid, 0) => Verdict::of(invalid == 0),
    })
}

struct Stream<J> {
    purpose: Purpose,
    rules: Rules,
    judge: J,
    batch: Batch,
    /// Lines that are valid, not valid, no lines.
    counts: [u64; 3],
}

/// A line and how its signed number comes about, or why it is none.
type Parsed = Result<(Hashing, Record), LineError>;

/// By code of the hashing and user id: the hashing, and numbers of lines.
type Groups<'a> = BTreeMap<(u16, Option<&'a [u8]>), (Hashing, Vec<usize>)>;

/// Lines that have no answer yet.
#[derive(Default)]
struct Batch {
    lines: Vec<(u64, Parsed)>,
    bytes: usize,
}

impl Batch {
    fn is_full(&self) -> bool {
        self.lines.len() >= BATCH_LINES || self.bytes >= BATCH_BYTES
    }

    /// Numbers, within the batch, of the lines that one plan judges.
    fn groups(&self) -> Groups<'_> {
        let mut groups = BTreeMap::new();
        for (index, (_, line)) in self.lines.iter().enumerate() {
            if let Ok((hashing, record)) = line {
                let key = (hashing.code(), record.user_id.as_deref());
                let group: &mut (_, Vec<usize>) =
                    groups.entry(key).or_insert_with(|| (*hashing, Vec::new()));
                group.1.push(index);
            }
        }
        groups
    }
}

impl<J: FnMut(&Group<'_>) -> Result<Vec<Judged>, CliError>> Stream<J> {
    /// Takes a line; an empty one is none.
    fn push(&mut self, number: u64, line: &Line) {
        let line = match line {
            Line::TooLong => Err(LineError::TooLong),
            Line::Bytes(bytes) if bytes.iter().all(u8::is_ascii_whitespace) => return,
            Line::Bytes(bytes) => {
                self.batch.bytes += bytes.len();
                self.read(bytes)
            }
        };
        self.batch.lines.push((number, line));
    }

    fn read(&self, line: &[u8]) -> Parsed {
        let record = parse(self.purpose, line)?;
        let hashing = self.rules.hashing_of(&record.signed)?;
        if record.user_id.is_some() && hashing != Hashing::Sm3 {
            return Err(LineError::UserId);
        }
        Ok((hashing, record))
    }

    /// Answers the lines of the batch and empties it.
    fn finish(&mut self, output: &Output) -> Result<(), CliError> {
        let mut judged: Vec<Option<Judged>> = vec![None; self.batch.lines.len()];
        for ((_, user_id), (hashing, members)) in self.batch.groups() {
            let plan = Plan::new(self.rules.profile, hashing);
            let plan = Plan { user_id: user_id.unwrap_or(plan.user_id), ..plan };
            let group = self.batch.group(plan, &members);
            for (index, answer) in members.into_iter().zip((self.judge)(&group)?) {
                judged[index] = Some(answer);
            }
        }
        let mut text = String::new();
        for ((line, record), judged) in
            std::mem::take(&mut self.batch).lines.into_iter().zip(judged)
        {
            let answer = Answer { line, ..self.answer(record, judged) };
            text += &serde_json::to_string(&answer)
                .map_err(|error| CliError::Output(std::io::Error::other(error)))?;
            text.push('\n');
        }
        output.text(&text)
    }

    fn answer(&mut self, record: Parsed, judged: Option<Judged>) -> Answer {
        match (record, judged) {
            (Ok((_, record)), Some(judged)) => {
                let valid = judged.verdict == chaincard::Verdict::Valid;
                self.counts[usize::from(!valid)] += 1;
                Answer {
                    id: record.id,
                    valid: Some(valid),
                    verdict: Some(name(judged.verdict)),
                    public_key: judged.public_key,
                    address: judged.address,
                    ..Answer::default()
                }
            }
            (Ok((_, record)), None) => {
                // A judge gives one answer for each signature.
                self.counts[1] += 1;
                Answer { id: record.id, valid: Some(false), ..Answer::default() }
            }
            (Err(error), _) => {
                self.counts[2] += 1;
                let message = Some(error.to_string());
                Answer { error: Some(error.kind()), message, ..Answer::default() }
            }
        }
    }
}

impl Batch {
    fn group<'a>(&'a self, plan: Plan<'a>, members: &[usize]) -> Group<'a> {
        let records: Vec<&Record> = members
            .iter()
            .filter_map(|&index| self.lines[index].1.as_ref().ok())
            .map(|(_, record)| record)
            .collect();
        let message = |record: &&'a Record| match &record.signed {
            Signed::Message(bytes) | Signed::Digest(bytes) => bytes.as_slice(),
        };
        Group {
            plan,
            messages: records.iter().map(message).collect(),
            public_keys: records.iter().map(|record| record.public_key.as_slice()).collect(),
            signatures: records.iter().map(|record| record.signature.as_slice()).collect(),
        }
    }
}

/// Name of a verdict for programs, such as `high_s`.
pub(crate) fn name(verdict: chaincard::Verdict) -> String {
    let mut name = String::new();
    for character in verdict.symbol().chars() {
        if character.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(character.to_ascii_lowercase());
    }
    name
}
