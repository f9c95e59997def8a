//! What SDF_OpenDevice says when it cannot open.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use gmt0018::code::{SDR_OK, SDR_OPENDEVICE, SDR_PRKRERR};

use crate::common::{PASSWORD, Setup, compile, library};

#[test]
fn each_reason_is_one_clear_line() {
    let setup = Setup::new();
    let program = setup.folder.path().join("open");
    compile(&["tests/c/open.c"], &[], &program);
    let path = |name: &str| setup.folder.path().join(name).display().to_string();
    let open = |config: Option<&str>| {
        let mut command = Command::new(&program);
        command.arg(library()).env_remove("CHAINCARD_SDF_CONFIG").env_remove("NO_SUCH");
        command.env("EMPTY", "").env("RIGHT", PASSWORD);
        if let Some(config) = config {
            command.env("CHAINCARD_SDF_CONFIG", config);
        }
        let output = command.output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        assert!(output.status.success(), "{}", text(&output.stderr));
        let said = text(&output.stderr);
        // The log is on standard error as well where it is nowhere else.
        let lines = said.lines().filter(|line| line.starts_with("libgmt0018: "));
        (text(&output.stdout), lines.map(str::to_owned).collect::<Vec<_>>())
    };
    let refuses = |config: Option<&str>, code: i32, named: &str| {
        let (status, lines) = open(config);
        assert_eq!(status, format!("{code:#x}"), "{named}: {lines:?}");
        assert_eq!(lines.len(), 1, "{named}: {lines:?}");
        assert!(lines[0].contains(named), "{named}: {lines:?}");
        assert!(!lines[0].contains(PASSWORD), "{lines:?}");
    };
    let config = path("sdf.toml");
    assert_eq!(open(Some(&config)), (format!("{:#x}", SDR_OK).replace("0x0", "0"), vec![]));

    refuses(None, SDR_OPENDEVICE, "CHAINCARD_SDF_CONFIG");
    refuses(Some(""), SDR_OPENDEVICE, "CHAINCARD_SDF_CONFIG");
    refuses(Some(&path("none.toml")), SDR_OPENDEVICE, "none.toml");
    let store = path("sdf.keys");
    let keys = |store: &str, password: &str| format!("[keys]\nstore = '{store}'\n{password}\n");
    std::fs::write(path("wrong"), "wrong").unwrap();
    let mode = |mode| std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(path("wrong"), mode(0o600)).unwrap();
    let file = |name| format!("password_file = '{}'", path(name));
    for (text, code, named) in [
        ("devices = [".to_owned(), SDR_OPENDEVICE, "sdf.toml: line 1"),
        ("devises = ['cpu']".to_owned(), SDR_OPENDEVICE, "devises"),
        ("devices = ['abacus']".to_owned(), SDR_OPENDEVICE, "abacus"),
        ("devices = ['unix:/no/such']".to_owned(), SDR_OPENDEVICE, "unix:/no/such"),
        ("[log]\nfile = '/no/such/log'".to_owned(), SDR_OPENDEVICE, "/no/such/log"),
        (keys(&path("none"), &file("password")), SDR_OPENDEVICE, "none"),
        (keys(&path("wrong"), &file("password")), SDR_OPENDEVICE, "chaincard sdf init"),
        (keys(&store, &file("no-password")), SDR_OPENDEVICE, "no-password"),
        (keys(&store, &file("wrong")), SDR_PRKRERR, "wrong password"),
        (keys(&store, "password_env = 'NO_SUCH'"), SDR_OPENDEVICE, "NO_SUCH"),
        (keys(&store, "password_env = 'EMPTY'"), SDR_OPENDEVICE, "empty"),
        (keys(&store, &format!("password = '{PASSWORD}'")), SDR_OPENDEVICE, "password"),
    ] {
        setup.configure(&text);
        refuses(Some(&config), code, named);
    }
    std::fs::set_permissions(&store, mode(0o640)).unwrap();
    setup.configure(&keys(&store, "password_env = 'RIGHT'"));
    refuses(Some(&config), SDR_OPENDEVICE, "chmod 600");
    std::fs::set_permissions(&store, mode(0o600)).unwrap();
    assert!(open(Some(&config)).1.is_empty());
}
