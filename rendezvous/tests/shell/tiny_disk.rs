//! The real program on a disk of 16 MiB that fills up: what is there is still served, nothing that was answered is lost,
//! and once there is space again it goes on by itself. Needs a mount namespace of its own; says so where there is none.

use crate::client::Client;
use crate::program::{Program, command};
use hutong_common::bounded::{List, Text};
use hutong_common::group::{GroupKind, Sheet};
use hutong_common::id::GroupId;
use hutong_common::limits::NOTICE_BYTES_MAX;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::groups::{Change, ChangeGroup, CreateGroup};
use hutong_common::rpc::{Reply, Request};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;
use tokio::task::spawn_blocking;

/// Mounts the disk, moves the data there, fills it as far as it is told to through `$3`, and empties it at a word
/// through `$4`.
const SCRIPT: &str = r#"
mount -t tmpfs -o size=16m tmpfs "$1" && cp -a "$2"/. "$1"/ || exit 9
(cat < "$3" > "$1/fill"; read word < "$4"; rm "$1/fill") 2>/dev/null &
exec "$5" serve --no-mdns --no-everybody --listen 127.0.0.1:0 --http 127.0.0.1:0 --lang en --config "$6" --data "$1"
"#;

/// Groups of alice. Every change of one is kept for a while, so that many of them fill the disk.
const GROUPS: usize = 2;
/// Changes before the test believes that the disk is never full.
const CHANGES_TRIED: usize = 2_000;

fn can_mount() -> bool {
    let tried = Command::new("unshare")
        .args(["-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"])
        .output();
    tried.is_ok_and(|tried| tried.status.success())
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

async fn create(client: &mut Client, number: usize) -> GroupId {
    let create = CreateGroup {
        token: [u8::try_from(number).unwrap(); 16],
        kind: GroupKind::Group,
        name: "group".to_owned().try_into().unwrap(),
        members: List::default(),
    };
    let Ok(Reply::Sheet(signed)) = client.ask(Request::CreateGroup(create)).await else {
        panic!("a group is made");
    };
    signed.peek_unverified::<Sheet>().unwrap().group
}

/// The notice of that number, as long as one may be.
fn change(groups: &[GroupId], number: usize) -> Request {
    let notice = format!("{number:0>NOTICE_BYTES_MAX$}");
    let change = Change::Notice(Text::new(notice).unwrap());
    let group = groups[number % GROUPS];
    Request::ChangeGroup(Box::new(ChangeGroup { group, change }))
}

/// The number of the notice that is stored.
async fn noticed(client: &mut Client, group: GroupId) -> usize {
    let Ok(Reply::Sheet(signed)) = client.ask(Request::Sheet(group)).await else {
        panic!("a sheet");
    };
    let sheet = signed.peek_unverified::<Sheet>().unwrap();
    sheet.notice.parse().unwrap_or(0)
}

/// Signs in again, under the next number; none while nothing can be written.
async fn resumed(program: &Program, n: &mut u64) -> Option<Client> {
    let mut client = crate::connect(program, 1).await;
    *n += 1;
    match client.try_ask(Request::Resume { n: *n }).await {
        Some(Ok(Reply::Welcome(_))) => Some(client),
        Some(Err(Refusal::Busy { .. })) | None => None,
        other => panic!("{other:?}"),
    }
}

/// The program on such a disk, with the groups of alice, and the two ways to fill and to empty it.
async fn start_on_a_tiny_disk() -> (Program, Vec<GroupId>, [PathBuf; 2]) {
    let before = Program::start();
    let mut alice = crate::connect(&before, 1).await;
    alice.register("alice", None).await;
    let mut groups = Vec::new();
    for number in 0..GROUPS {
        groups.push(create(&mut alice, number).await);
    }
    drop(alice);
    before.terminate();
    let (_, source) = before.ended();
    let folder = TempDir::new().unwrap();
    let [disk, fill, free] = ["disk", "fill", "free"].map(|name| folder.path().join(name));
    std::fs::create_dir(&disk).unwrap();
    pipe(&fill);
    pipe(&free);
    let mut start = Command::new("unshare");
    start.args(["-rm", "sh", "-c", SCRIPT, "sh"]);
    start.args([&*disk, source.path(), &*fill, &*free]);
    start.arg(command(&[]).get_program());
    // Where nobody is slowed down: the disk is to fill.
    let settings = folder.path().join("settings.toml");
    std::fs::write(&settings, "profile = \"lab\"\n").unwrap();
    start.arg(settings);
    let program = Program::of(start, folder);
    // The disk is mounted by then, and the data moved.
    drop(source);
    (program, groups, [fill, free])
}

#[tokio::test]
async fn a_full_disk_stops_writing_and_nothing_else_until_there_is_space() {
    if !can_mount() {
        // The one line that says why nothing was tried.
        let _ = writeln!(
            std::io::stderr(),
            "skipped: no mount namespace can be made here"
        );
        return;
    }
    let (program, groups, [fill, free]) = start_on_a_tiny_disk().await;
    let mut n = 0;
    let mut alice = resumed(&program, &mut n).await.unwrap();
    let mut eve = crate::connect(&program, 2).await;
    let eve = eve.try_to_register("eve", None).await;
    assert_eq!(
        eve,
        Err(Refusal::ServerFull),
        "so small a disk takes nobody new"
    );
    // Until the copying program finds no room and goes.
    spawn_blocking(move || {
        let mut fill = File::create(fill).unwrap();
        while fill.write_all(&[7; 65_536]).is_ok() {}
    })
    .await
    .unwrap();

    let mut done = 0;
    loop {
        match alice.try_ask(change(&groups, done + 1)).await {
            Some(Ok(Reply::Sheet(_))) => done += 1,
            Some(Err(Refusal::Busy { .. })) | None => break,
            other => panic!("{other:?}"),
        }
        assert!(done < CHANGES_TRIED, "the disk is never full");
    }
    assert!(
        crate::page(&program, "/readyz")
            .await
            .starts_with("HTTP/1.1 200")
    );
    spawn_blocking(move || File::create(free).unwrap().write_all(b"now\n"))
        .await
        .unwrap()
        .unwrap();
    // The pause after a fault is two seconds; each try takes some milliseconds.
    let mut alice = loop {
        if let Some(back) = resumed(&program, &mut n).await {
            break back;
        }
    };
    let last = noticed(&mut alice, groups[done % GROUPS]).await;
    assert_eq!(last, done, "what was answered is stored");
    let open = alice.ask(Request::FriendRequests).await;
    assert!(matches!(open, Ok(Reply::FriendRequests(_))), "{open:?}");
}
