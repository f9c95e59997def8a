//! What the tests share.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use gmt0018::{Cost, KeyStore};

/// Password of the store.
pub(crate) const PASSWORD: &str = "correct horse battery staple";
/// Access code of pair 1.
pub(crate) const CODE: &str = "access code of 1";
/// Key that signs in pair 2, which needs no access code: d of GB/T 32918.5-2017, annex A.
pub(crate) const STANDARD_KEY: &str =
    "3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8";
/// SM4 key 1: that of GB/T 32907-2016, annex A.
pub(crate) const SYMMETRIC: &str = "0123456789ABCDEFFEDCBA9876543210";

/// The shared library: cargo puts it beside this test.
pub(crate) fn library() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.parent().unwrap().join("libgmt0018.so")
}

/// Compiles files, named from the crate's folder.
pub(crate) fn compile(files: &[&str], arguments: &[&str], output: &Path) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".to_owned());
    let compiled = Command::new(&compiler)
        .args(["-std=gnu11", "-g", "-O1", "-Wall", "-Wextra", "-Werror", "-pthread", "-I"])
        .arg(folder.join("include"))
        .args(files.iter().map(|file| folder.join(file)))
        .args(arguments)
        .arg("-o")
        .arg(output)
        .arg("-ldl")
        .output()
        .unwrap_or_else(|error| panic!("no C compiler {compiler}: {error}"));
    assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
}

pub(crate) fn hex<const N: usize>(text: &str) -> [u8; N] {
    hex::decode(text).unwrap().try_into().unwrap()
}

/// The keys that the tests use.
pub(crate) fn store() -> KeyStore {
    let mut store = KeyStore::new();
    store.generate_pair(1, Some(CODE.as_bytes())).unwrap();
    store.insert_pair(2, &hex(STANDARD_KEY), &[7; 32], None).unwrap();
    store.insert_symmetric(1, &hex(SYMMETRIC)).unwrap();
    store
}

/// The tests are not about how long it takes to try passwords.
fn write(path: &Path, store: &KeyStore) {
    let cost = Cost { memory_kib: 64, iterations: 1, lanes: 1 };
    store.create(path, PASSWORD.as_bytes(), cost).unwrap();
}

/// A folder with key store, password and configuration.
pub(crate) struct Setup {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) config: PathBuf,
}

impl Setup {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        write(&at("sdf.keys"), &store());
        std::fs::write(at("password"), format!("{PASSWORD}\n")).unwrap();
        let setup = Self { config: at("sdf.toml"), folder };
        setup.configure(&format!(
            "devices = ['cpu:2']\n[keys]\nstore = '{0}/sdf.keys'\npassword_file = '{0}/password'\n\
             [log]\nfile = '{0}/log'\nlevel = 'debug'\n",
            setup.folder.path().display()
        ));
        setup
    }

    /// Puts other keys into the store.
    pub(crate) fn create(&self, fill: impl FnOnce(&mut KeyStore)) {
        let path = self.folder.path().join("sdf.keys");
        let mut store = KeyStore::new();
        fill(&mut store);
        std::fs::remove_file(&path).unwrap();
        write(&path, &store);
    }

    pub(crate) fn configure(&self, text: &str) {
        std::fs::write(&self.config, text).unwrap();
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// Runs a program with the library, behind `before` if that is not empty.
    pub(crate) fn run(&self, before: &[&str], program: &Path, arguments: &[&str]) -> Output {
        self.start(before, program, arguments).wait_with_output().unwrap()
    }

    /// As [`run`](Self::run), without waiting for its end.
    pub(crate) fn start(&self, before: &[&str], program: &Path, arguments: &[&str]) -> Child {
        let program = program.to_str().unwrap();
        let mut words = before.iter().copied().chain([program]);
        Command::new(words.next().unwrap())
            .args(words)
            .arg(library())
            .args(arguments)
            .env("CHAINCARD_SDF_CONFIG", &self.config)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }
}

/// Fails with what the program wrote unless it ended well.
pub(crate) fn succeeded(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{}\n{stdout}\n{stderr}", output.status);
    stdout
}
