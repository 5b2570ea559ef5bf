//! Commands about accounts, as an admin types them: to the running program and beside a stopped one.

use crate::connect;
use crate::program::{Program, command};
use hutong_common::refusal::Refusal;
use hutong_common::rpc::{Reply, Request};
use serde_json::Value;
use std::path::Path;
use std::process::Output;

fn run(data: &Path, words: &[&str]) -> Output {
    command(words).arg("--data").arg(data).output().unwrap()
}

fn json(data: &Path, words: &[&str]) -> Value {
    let words = [words, &["--json"]].concat();
    let output = run(data, &words);
    assert!(output.status.success(), "{words:?} {output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn said(output: &Output) -> (i32, String) {
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    (output.status.code().unwrap(), said)
}

#[cfg(unix)]
#[tokio::test]
async fn accounts_are_seen_and_changed_whether_the_program_runs_or_not() {
    let program = Program::start();
    let data = program.data();
    let mut alice = connect(&program, 1).await;
    alice.register("alice", None).await;
    connect(&program, 2).await.register("bob", None).await;

    let listed = json(&data, &["account", "list"]);
    assert_eq!(listed["accounts"][0]["login"], "alice");
    assert_eq!(listed["accounts"].as_array().unwrap().len(), 2);
    let shown = json(&data, &["account", "show", "alice"]);
    assert_eq!(
        (&shown["role"], &shown["online"]),
        (&"member".into(), &true.into())
    );
    let device = shown["device_list"][0]["device"].as_str().unwrap();
    assert_eq!(device.len(), 32);
    let locked = json(&data, &["account", "lock", "alice"]);
    assert_eq!(locked["state"], "locked");
    assert_eq!(drain(&mut alice).await, None, "its connection ends");
    let mut again = connect(&program, 1).await;
    let resumed = again.ask(Request::Resume { n: 1 }).await;
    assert_eq!(resumed, Err(Refusal::LockedNeedsCode));
    let nobody = said(&run(&data, &["account", "lock", "eve"]));
    assert_eq!(nobody, (1, "There is no account \"eve\".\n".to_owned()));

    program.terminate();
    let (_, folder) = program.ended();
    let data = folder.path();
    let (code, unlocked) = said(&run(data, &["account", "unlock", "alice"]));
    assert_eq!((code, unlocked.lines().count()), (0, 1), "{unlocked}");
    assert_eq!(
        json(data, &["account", "role", "bob", "admin"])["role"],
        "admin"
    );
    json(data, &["account", "rename", "alice", "爱丽丝"]);
    let table = run(data, &["account", "list"]).stdout;
    let table = String::from_utf8(table).unwrap();
    assert!(
        table.contains("爱丽丝") && table.lines().count() == 3,
        "{table}"
    );
    json(data, &["device", "remove", "alice", &device[..8]]);
    json(data, &["account", "delete", "bob"]);
    audit_is_told_and_proved(data);

    let program = Program::start_in(folder, &[]);
    for number in [1, 2] {
        let mut client = connect(&program, number).await;
        let resumed = client.ask(Request::Resume { n: 2 }).await;
        assert_eq!(resumed, Err(Refusal::NotSignedIn));
        assert_eq!(client.ask(Request::Ping).await, Ok(Reply::Done));
    }
}

/// What is left on a connection that the other side ends.
async fn drain(client: &mut crate::client::Client) -> Option<()> {
    while client.receive().await.is_some() {}
    None
}

fn audit_is_told_and_proved(data: &Path) {
    let audit = |words: &[&str]| {
        let output = run(data, words);
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let acts: Vec<String> = audit(&["audit", "--json", "--since", "1d"])
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|entry| entry["act"].as_str().unwrap().to_owned())
        .collect();
    let expected = [
        "started",
        "registered",
        "registered",
        "locked",
        "stopped",
        "unlocked",
        "role_set",
        "renamed",
        "device_removed",
        "deleted",
    ];
    assert_eq!(acts, expected);
    assert!(audit(&["audit"]).contains("\"bob\" was made admin"));
    assert!(audit(&["audit", "--since", "2999-01-01"]).is_empty());
    assert_eq!(json(data, &["audit", "verify"])["rows"], 10);
}

/// Somebody who can write the database, and does not have the key, changes what was noted.
#[cfg(unix)]
#[test]
fn a_changed_audit_log_is_noticed() {
    use redb::{Database, ReadableTable, TableDefinition};
    const AUDIT: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("audit/1");
    let program = Program::start();
    program.terminate();
    let (_, folder) = program.ended();
    let database = Database::open(folder.path().join("rendezvous.redb")).unwrap();
    let writing = database.begin_write().unwrap();
    {
        let mut table = writing.open_table(AUDIT).unwrap();
        let mut row = table.get(2).unwrap().unwrap().value().to_vec();
        row[1] ^= 1;
        table.insert(2, row.as_slice()).unwrap();
    }
    writing.commit().unwrap();
    drop(database);
    let (code, why) = said(&run(folder.path(), &["audit", "verify"]));
    assert_eq!(code, 1);
    assert!(why.contains("row 2 is the first"), "{why}");
}
