//! The configuration file.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::error::SdfError;
use crate::password::Source;

/// The environment variable that names the configuration file.
pub const CONFIG_VARIABLE: &str = "CHAINCARD_SDF_CONFIG";

/// What the configuration file says.
///
/// ```
/// let config = gmt0018::Config::parse(
///     r#"
///     devices = ["serial:/dev/ttyUSB0", "auto"]
///
///     [keys]
///     store = "/etc/chaincard/sdf.keys"
///     password_file = "/run/secrets/sdf"
///
///     [log]
///     file = "/var/log/chaincard-sdf.log"
///     level = "info"
///     "#,
/// )?;
/// assert_eq!(config.devices.len(), 2);
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Names of devices, in the order in which they are tried; by default `auto`. This processor
    /// answers when none of them can.
    #[serde(default = "auto")]
    pub devices: Vec<String>,
    /// The key store; without it there are no internal keys.
    pub keys: Option<Keys>,
    /// Where the log goes; by default warnings go to standard error.
    #[serde(default)]
    pub log: Log,
}

/// The key store and its password, from exactly one of two places.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "KeysTable")]
pub struct Keys {
    /// File that `chaincard sdf init` made.
    pub store: PathBuf,
    /// Where its password is: `password_env` or `password_file`.
    pub password: Source,
}

/// `[keys]` as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeysTable {
    store: PathBuf,
    password_env: Option<String>,
    password_file: Option<PathBuf>,
}

impl TryFrom<KeysTable> for Keys {
    type Error = &'static str;

    fn try_from(table: KeysTable) -> Result<Self, Self::Error> {
        let password = match (table.password_env, table.password_file) {
            (Some(variable), None) => Source::Variable(variable),
            (None, Some(path)) => Source::File(path),
            _ => return Err("[keys] needs either password_env or password_file"),
        };
        Ok(Self { store: table.store, password })
    }
}

/// Where the log goes. It holds no keys, passwords or messages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// File to add lines to; by default standard error.
    pub file: Option<PathBuf>,
    /// The least important lines that are written.
    #[serde(default)]
    pub level: Level,
}

/// How important a line of the log is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// A device cannot be opened, a job has no answer.
    Error,
    /// The processor answers instead of a device.
    #[default]
    Warn,
    /// Devices are opened and closed.
    Info,
    /// Calls that do not succeed.
    Debug,
}

fn auto() -> Vec<String> {
    vec!["auto".to_owned()]
}

impl Config {
    /// Reads a configuration.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn parse(text: &str) -> Result<Self, String> {
        let config: Self = toml::from_str(text).map_err(|error| located(text, &error))?;
        if config.devices.is_empty() {
            return Err("devices is empty: name one, or leave it out for \"auto\"".to_owned());
        }
        Ok(config)
    }

    /// Reads the file that `variable`, the value of [`CONFIG_VARIABLE`], names.
    pub(crate) fn read(variable: Option<OsString>) -> Result<(Self, Origin), SdfError> {
        let path = match variable {
            Some(path) if !path.is_empty() => PathBuf::from(path),
            _ => return Err(SdfError::NoConfig { variable: CONFIG_VARIABLE }),
        };
        let text = std::fs::read_to_string(&path).map_err(SdfError::file("read", &path))?;
        let config =
            Self::parse(&text).map_err(|reason| SdfError::Config { path: path.clone(), reason })?;
        Ok((config, Origin { path, text }))
    }
}

/// The message of an error with its line's number. The text of the line stays out of messages: it may
/// be a password that does not belong there.
fn located(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start));
    let line = before.map_or(1, |before| before.matches('\n').count() + 1);
    format!("line {line}: {}", error.message())
}

/// Where a configuration came from. Devices of equal origin are shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    path: PathBuf,
    text: String,
}

impl Origin {
    /// The file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_a_device_without_keys() {
        let config = Config::parse("").expect("a configuration");
        assert_eq!(config, Config { devices: auto(), keys: None, log: Log::default() });
    }

    #[test]
    fn what_makes_no_sense_is_named() {
        for (text, named) in [
            ("device = 'cpu'", "device"),
            ("devices = []", "devices"),
            ("[keys]\nstore = 's'", "password_env"),
            ("[keys]\nstore = 's'\npassword_env = 'A'\npassword_file = 'f'", "password_env"),
            ("[keys]\npassword_env = 'A'", "store"),
            ("[keys]\nstore = 's'\npassword = 'secret'", "password"),
            ("[log]\nlevel = 'loud'", "loud"),
            ("devices = 'cpu'", "sequence"),
        ] {
            let reason = Config::parse(text).expect_err(text);
            assert!(reason.contains(named), "{text}: {reason}");
            assert!(!reason.contains("secret"), "{reason}");
        }
        let reason = Config::parse("\n\nlevel = 1").expect_err("unknown");
        assert!(reason.starts_with("line 3: "), "{reason}");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_a_configuration_or_none(text in ".*", key in "[a-z_]*", value in ".*") {
            let _ = Config::parse(&text);
            let _ = Config::parse(&format!("[keys]\n{key} = {value}\nstore = ''"));
        }
    }
}
