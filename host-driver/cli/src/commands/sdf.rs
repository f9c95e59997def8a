//! `chaincard sdf`: key stores of the GM/T 0018 library.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use gmt0018::{Cost, KeyStore, Source, Use};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::error::{CliError, Verdict};
use crate::output::Output;

/// Key stores of libgmt0018.so
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: SdfCommand,
}

#[derive(Subcommand)]
enum SdfCommand {
    /// Make a key store with new keys, and print the public ones
    Init(Init),
    /// Print the public keys of a key store
    Show(Store),
}

/// A key store and its password, which is asked for unless one of the options says where it is.
#[derive(Args)]
struct Store {
    /// File of the key store
    #[arg(long, value_name = "FILE")]
    store: PathBuf,
    /// Environment variable with the password
    #[arg(long, value_name = "VARIABLE", conflicts_with = "password_file")]
    password_env: Option<String>,
    /// File with the password
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

#[derive(Args)]
struct Init {
    #[command(flatten)]
    store: Store,
    /// SM2 pairs, with indices from 1
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = count())]
    pairs: u32,
    /// SM4 keys, with indices from 1
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = count())]
    symmetric_keys: u32,
    /// Environment variable with the access code of the private keys, 8 bytes or more
    ///
    /// By default none is needed to sign.
    #[arg(long, value_name = "VARIABLE", conflicts_with = "access_code_file")]
    access_code_env: Option<String>,
    /// File with the access code
    #[arg(long, value_name = "FILE")]
    access_code_file: Option<PathBuf>,
}

fn count() -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(0..=4096)
}

pub(crate) fn run(arguments: &Arguments, output: &Output) -> Result<Verdict, CliError> {
    match &arguments.command {
        SdfCommand::Init(init) => {
            let code = source(init.access_code_env.as_deref(), init.access_code_file.as_deref());
            let code = code.map(|source| source.read("access code")).transpose()?;
            let mut store = KeyStore::new();
            for index in 1..=init.pairs {
                store.generate_pair(index, code.as_deref().map(Vec::as_slice))?;
            }
            for index in 1..=init.symmetric_keys {
                store.generate_symmetric(index)?;
            }
            let password = password(&init.store, true)?;
            store.create(&init.store.store, &password, Cost::default())?;
            show(&init.store.store, &store, output)
        }
        SdfCommand::Show(arguments) => {
            let store = KeyStore::open(&arguments.store, &password(arguments, false)?)?;
            show(&arguments.store, &store, output)
        }
    }
}

fn source(variable: Option<&str>, file: Option<&Path>) -> Option<Source> {
    let variable = variable.map(|variable| Source::Variable(variable.to_owned()));
    variable.or_else(|| file.map(|file| Source::File(file.to_owned())))
}

/// The password, asked for twice if it is new.
fn password(store: &Store, is_new: bool) -> Result<Zeroizing<Vec<u8>>, CliError> {
    if let Some(source) = source(store.password_env.as_deref(), store.password_file.as_deref()) {
        return Ok(source.read("password of the key store")?);
    }
    let ask = |what| {
        let answer = rpassword::prompt_password(format!("{what} of {}: ", store.store.display()));
        let answer = answer.map_err(|error| {
            let instead = "use --password-env or --password-file";
            CliError::Argument(format!("cannot ask for the password ({error}): {instead}"))
        });
        answer.map(|answer| Zeroizing::new(answer.into_bytes()))
    };
    let password = ask("Password")?;
    if is_new && ask("Again, password")? != password {
        return Err(CliError::Argument("the passwords differ".to_owned()));
    }
    Ok(password)
}

/// Prints what is no secret.
fn show(path: &Path, store: &KeyStore, output: &Output) -> Result<Verdict, CliError> {
    let key = |index, which| hex::encode(store.public_key(index, which).unwrap_or([0; 64]));
    let pairs: Vec<Value> = store
        .pairs()
        .map(|(index, locked)| {
            let (sign, encrypt) = (key(index, Use::Sign), key(index, Use::Encrypt));
            json!({ "index": index, "sign": sign, "encrypt": encrypt, "access_code": locked })
        })
        .collect();
    let symmetric: Vec<u32> = store.symmetric_keys().collect();
    let value = json!({ "store": path, "pairs": pairs, "symmetric_keys": symmetric });
    output.show(&value, || {
        let mut text = format!("{}\n", path.display());
        for (index, locked) in store.pairs() {
            let needs = if locked { ", needs its access code" } else { "" };
            let _ = writeln!(text, "SM2 {index}{needs}");
            let _ = writeln!(text, "  signs    {}", key(index, Use::Sign));
            let _ = writeln!(text, "  encrypts {}", key(index, Use::Encrypt));
        }
        for index in &symmetric {
            let _ = writeln!(text, "SM4 {index}");
        }
        text
    })?;
    Ok(Verdict::Good)
}
