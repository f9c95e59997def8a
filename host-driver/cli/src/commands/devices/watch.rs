//! `chaincard devices --watch`

use std::time::{Duration, Instant};

use chaincard::Accelerator;
use chaincard_service::{Status, watch};
use clap::Args;
use console::Term;

use crate::device::Choice;
use crate::error::{CliError, Verdict};
use crate::output::{Output, chain};

#[derive(Args)]
pub(super) struct WatchArguments {
    /// Show state and counters of devices at work until interrupted
    #[arg(long)]
    watch: bool,
    /// Watch the devices of a card host: `listen.http` in the configuration of `chaincard serve`
    #[arg(long, value_name = "HOST:PORT", requires = "watch")]
    from: Option<String>,
    /// Seconds between two looks
    #[arg(long, value_name = "SECONDS", default_value = "1", value_parser = parse_interval, requires = "watch")]
    interval: Duration,
    /// End after so many looks
    #[arg(long, value_name = "N", requires = "watch")]
    count: Option<u64>,
}

impl WatchArguments {
    pub(super) fn is_wanted(&self) -> bool {
        self.watch
    }
}

fn parse_interval(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "a number of seconds".to_owned())?;
    match Duration::try_from_secs_f64(seconds) {
        Ok(interval) if interval >= Duration::from_millis(10) => Ok(interval),
        _ => Err("from 0.01".to_owned()),
    }
}

/// Whose devices are watched.
enum Source {
    Here(Accelerator),
    Host(String),
}

impl Source {
    fn look(&self) -> Result<Status, CliError> {
        match self {
            Self::Here(accelerator) => Ok(Status::from(&accelerator.metrics())),
            Self::Host(address) => Ok(watch::ask(address)?),
        }
    }
}

pub(super) fn run(
    arguments: &WatchArguments,
    choice: &Choice,
    output: &Output,
) -> Result<Verdict, CliError> {
    let source = match &arguments.from {
        Some(address) => Source::Host(address.clone()),
        None => Source::Here(choice.accelerator()?),
    };
    let mut screen = Screen { terminal: Term::stdout(), lines: 0 };
    // A host that is not there at first is an error; one that goes away meanwhile is shown as such.
    let mut earlier = None;
    let mut status = Some(source.look()?);
    let mut failure = String::new();
    for look in 1.. {
        let now = Instant::now();
        match &status {
            Some(status) if output.is_json() => {
                let line = serde_json::to_string(status)
                    .map_err(|error| CliError::Output(std::io::Error::other(error)))?;
                output.text(&format!("{line}\n"))?;
            }
            Some(status) => {
                let earlier = earlier.as_ref().map(|(status, at)| (status, now - *at));
                screen.show(&status.table(earlier), output)?;
            }
            None => screen.show(&format!("{failure}\n"), output)?,
        }
        if arguments.count.is_some_and(|count| look >= count) {
            break;
        }
        if let Some(status) = status.take() {
            earlier = Some((status, now));
        }
        std::thread::sleep(arguments.interval);
        match source.look() {
            Ok(found) => status = Some(found),
            Err(error) => failure = chain(&error),
        }
    }
    Ok(Verdict::Good)
}

/// On a terminal a look takes the place of the one before; elsewhere an empty line parts them.
struct Screen {
    terminal: Term,
    lines: usize,
}

impl Screen {
    fn show(&mut self, text: &str, output: &Output) -> Result<(), CliError> {
        if !self.terminal.is_term() {
            return output.text(&format!("{text}\n"));
        }
        let width = usize::from(self.terminal.size().1);
        let text: Vec<_> =
            text.lines().map(|line| console::truncate_str(line, width, "…")).collect();
        self.terminal.clear_last_lines(self.lines).map_err(CliError::Output)?;
        self.lines = text.len();
        output.text(&(text.join("\n") + "\n"))
    }
}
