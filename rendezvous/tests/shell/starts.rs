//! What keeps the program from starting, each told in one sentence, and what it leaves on the disk.

use crate::one_sentence;
use crate::program::{Program, command, serve_refused};
use std::fs;
use tempfile::TempDir;

#[test]
fn a_second_rendezvous_on_the_same_folder_is_refused() {
    let program = Program::start();
    let refused = serve_refused(&program.data(), &[]);
    assert!(!refused.status.success());
    assert!(one_sentence(&refused.stderr).contains("in use by another rendezvous"));
    assert!(refused.stdout.is_empty());
}

/// In a folder that was there before, the commands' socket was open to whom the person's umask lets.
#[cfg(target_os = "linux")]
#[test]
fn the_files_of_a_rendezvous_are_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
    let program = Program::start_in(folder, &[]);
    let mut names = Vec::new();
    for file in fs::read_dir(program.data()).unwrap() {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{file:?}");
        names.push(file.file_name().into_string().unwrap());
    }
    names.sort_unstable();
    let expected = ["admin.sock", "opaque.key", "rendezvous.redb", "server.key"];
    assert_eq!(names, expected);
}

#[cfg(unix)]
#[test]
fn keys_and_database_that_others_can_read_are_refused() {
    use std::os::unix::fs::PermissionsExt;
    let program = Program::start();
    program.terminate();
    let (_, folder) = program.ended();
    for name in ["server.key", "opaque.key", "rendezvous.redb"] {
        let path = folder.path().join(name);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let refused = serve_refused(folder.path(), &[]);
        assert_eq!(refused.status.code(), Some(1));
        assert!(one_sentence(&refused.stderr).contains(name));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }
}

#[test]
fn a_mistake_in_the_settings_is_told_with_its_line() {
    let folder = TempDir::new().unwrap();
    let settings = folder.path().join("settings.toml");
    fs::write(&settings, "mdns = false\nlisten_on = 1\n").unwrap();
    let settings = settings.to_str().unwrap();
    for words in [
        ["check-config", "--config", settings],
        ["serve", "--config", settings],
    ] {
        let refused = command(&words).output().unwrap();
        assert_eq!(refused.status.code(), Some(1));
        assert!(one_sentence(&refused.stderr).contains("settings.toml:2: "));
    }
}

#[test]
fn an_address_in_use_is_told() {
    let program = Program::start();
    let folder = TempDir::new().unwrap();
    let refused = command(&["serve", "--no-mdns", "--listen", program.told("control")])
        .arg("--data")
        .arg(folder.path())
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(one_sentence(&refused.stderr).contains(program.told("control")));
}

#[test]
fn the_limits_in_force_are_told_and_the_whole_is_still_a_settings_file() {
    let folder = TempDir::new().unwrap();
    let settings = folder.path().join("settings.toml");
    for (profile, guesses) in [("classroom", "30 a minute"), ("campus", "600 a minute")] {
        fs::write(&settings, format!("profile = \"{profile}\"\n")).unwrap();
        let words = ["check-config", "--config", settings.to_str().unwrap()];
        let told = command(&words).output().unwrap();
        assert!(told.status.success());
        let told = String::from_utf8(told.stdout).unwrap();
        assert!(told.contains(guesses) && told.contains(profile), "{told}");
        fs::write(&settings, &told).unwrap();
        assert!(command(&words).output().unwrap().status.success(), "{told}");
    }
}
