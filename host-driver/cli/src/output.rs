//! Text for people or JSON for programs on standard output; errors on standard error.

use std::error::Error;
use std::io::{self, Write};

use serde::Serialize;

use crate::error::CliError;

/// Where a command's results go.
pub(crate) struct Output {
    json: bool,
}

impl Output {
    pub(crate) fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether the output is JSON.
    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// Prints `value` as JSON, or what `text` gives.
    pub(crate) fn show<T: Serialize>(
        &self,
        value: &T,
        text: impl FnOnce() -> String,
    ) -> Result<(), CliError> {
        if !self.json {
            return self.text(&text());
        }
        let mut json = serde_json::to_string_pretty(value)
            .map_err(|error| CliError::Output(io::Error::other(error)))?;
        json.push('\n');
        self.text(&json)
    }

    /// Prints text as it is.
    pub(crate) fn text(&self, text: &str) -> Result<(), CliError> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).map_err(CliError::Output)
    }

    /// Says on standard error why the command stopped; with JSON, also as an object with the
    /// key `error` on standard output.
    pub(crate) fn error(&self, error: &CliError) {
        let message = chain(error);
        warn(&message);
        if self.json {
            let value = serde_json::json!({ "error": message });
            // What cannot be written cannot be reported either.
            let _ = self.show(&value, String::new);
        }
    }
}

/// Prints a line on standard error.
pub(crate) fn warn(message: &str) {
    // A closed standard error leaves nothing to do.
    let _ = writeln!(io::stderr(), "chaincard: {message}");
}

/// An error and its sources, each one once.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let message = error.to_string();
        if !text.ends_with(&message) {
            text.push_str(": ");
            text.push_str(&message);
        }
        source = error.source();
    }
    text
}
