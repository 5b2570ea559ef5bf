//! Shared seats: whose session ends when, and that nothing of it stays behind for whoever sits down next.

use anyhow::ensure;
use hutong_common::limits::{HOUR_MS, SEAT_LIFETIME_MS};
use hutong_engine::api::command::Command;
use hutong_engine::api::event::{DeliveryState, WarningCode};
use hutong_engine::api::{Done, Failure};
use hutong_tests::driver::Stage;
use hutong_tests::harness::actor::Actor;
use hutong_tests::harness::computer::{CrashPoint, Moment};
use hutong_tests::harness::world::World;
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

/// Words of a person that are found again wherever they lie.
const CANARY: &str = "canary-7-of-alice";

fn logout(actor: &Actor) {
    assert_eq!(actor.ask(Command::Logout), Ok(Done::Plain {}));
}

fn is_signed_out(actor: &Actor) -> bool {
    actor.ask(Command::Whoami) == Err(Failure::NotSignedIn)
}

/// Alice at a seat in a lab, and her friend Bob at his own computer; her own computer is off.
fn at_a_seat(world: &World) -> (Actor, Actor) {
    let (alice, bob) = world.friends("alice", "bob");
    logout(&alice);
    let seat = world.actor("seat");
    seat.sit_down("alice");
    world.expect("she is there", || seat.is_friend_of(&bob), 10_000);
    (seat, bob)
}

#[test]
fn a_seat_knows_that_it_is_one_and_until_when() {
    let world = World::new(1);
    let alice = world.member("alice");
    logout(&alice);
    let signed_in = alice.sit_down("alice");
    assert_eq!(signed_in.kind, "seat");
    let now_ms = world.unix_ms();
    let left_ms = signed_in.until_ms - now_ms;
    assert!((SEAT_LIFETIME_MS - 60_000..=SEAT_LIFETIME_MS).contains(&left_ms));
    match alice.ask(Command::Whoami) {
        Ok(Done::Whoami(whoami)) => assert_eq!(whoami.signed_in, signed_in),
        other => panic!("{other:?}"),
    }
}

#[test]
fn where_the_preset_says_so_everybody_sits_at_a_seat_unless_he_says_otherwise() {
    let world = World::new(2);
    let lab = world.actor("lab");
    lab.computer(|computer| computer.is_seat = true);
    lab.kill();
    lab.restart();
    assert_eq!(lab.register().kind, "seat");
    logout(&lab);
    let other = lab.register_with(|register| {
        register.login = "second".to_owned();
        register.seat = Some(false);
    });
    match other {
        Ok(Done::SignedIn(signed_in)) => assert_eq!(signed_in.kind, "own"),
        other => panic!("{other:?}"),
    }
}

/// Rows were cleared at sign-out, and their bytes stayed in the freed pages of the database.
#[test]
fn no_byte_of_a_person_stays_after_signing_out_at_a_seat_or_at_home() {
    for is_seat in [true, false] {
        let world = World::new(3);
        let (alice, bob) = world.friends("alice", "bob");
        if is_seat {
            logout(&alice);
            alice.sit_down("alice");
            world.expect("she is there", || alice.is_friend_of(&bob), 10_000);
        }
        let id = alice.send(&bob, CANARY);
        world.expect("it arrives", || bob.message(id).is_some(), 10_000);
        let reply = bob.send(&alice, "canary-8-of-bob");
        world.expect(
            "so does the answer",
            || alice.message(reply).is_some(),
            10_000,
        );
        let canaries = [CANARY, "canary-8-of-bob", "alice", "bob"];
        for canary in canaries {
            assert!(
                alice.disk_holds(canary.as_bytes()),
                "{canary} is looked for rightly"
            );
        }
        logout(&alice);
        for canary in canaries {
            assert!(!alice.disk_holds(canary.as_bytes()), "{canary} stays");
        }
        alice.kill();
        for canary in canaries {
            assert!(!alice.disk_holds(canary.as_bytes()), "{canary} stays");
        }
    }
}

#[test]
fn a_kill_in_the_middle_of_signing_out_is_made_up_for_at_the_next_start() {
    for seed in 0..10 {
        let world = World::new(seed);
        let (seat, bob) = at_a_seat(&world);
        let id = seat.send(&bob, CANARY);
        world.expect("it arrives", || seat.is_delivered(id), 10_000);
        world.run_for(5_000);
        seat.issue(Command::Logout);
        seat.kill_at(Moment::Answered, CrashPoint::AfterCommit);
        world.expect("it is killed", || !seat.runs(), 60_000);
        let was_left = seat.disk_holds(CANARY.as_bytes());
        assert!(was_left, "seed {seed} kills between the rows and the bytes");
        seat.restart();
        assert!(!seat.disk_holds(CANARY.as_bytes()), "seed {seed}");
        assert!(is_signed_out(&seat));
    }
}

#[test]
fn two_people_take_turns_at_one_seat_and_see_nothing_of_each_other() {
    let world = World::new(4);
    let (seat, bob) = at_a_seat(&world);
    let carol = world.member("carol");
    logout(&carol);
    let id = seat.send(&bob, CANARY);
    world.expect("it arrives", || bob.message(id).is_some(), 10_000);
    let (_, file) = bob.send_file(&seat, "notes.pdf", 50_000);
    world.expect("the offer comes", || seat.file(file).is_some(), 10_000);
    seat.accept_file(file).expect("it can be fetched");
    world.expect("the file comes", || seat.has_file(file), 20_000);
    let saved = seat
        .file(file)
        .and_then(|file| file.saved_as)
        .expect("it says where");
    logout(&seat);
    assert!(seat.content(&saved).is_none(), "the download went with her");

    seat.sit_down("carol");
    world.run_for(10_000);
    assert!(
        matches!(seat.ask(Command::Friends), Ok(Done::Friends { friends }) if friends.is_empty())
    );
    assert!(
        matches!(seat.ask(Command::Files { direction: None }), Ok(Done::Files { files }) if files.is_empty())
    );
    for canary in [CANARY, "bob", "alice", "notes.pdf"] {
        assert!(!seat.disk_holds(canary.as_bytes()), "{canary}");
    }
    logout(&seat);
    assert!(!seat.disk_holds(b"carol"));
    seat.sit_down("alice");
    world.expect("her friend is there", || seat.is_friend_of(&bob), 10_000);
}

#[test]
fn a_seat_ends_after_its_hours_with_or_without_the_rendezvous_and_while_the_program_is_off() {
    for (seed, way) in ["online", "alone", "off"].into_iter().enumerate() {
        let world = World::new(seed as u64);
        let (seat, bob) = at_a_seat(&world);
        let id = seat.send(&bob, CANARY);
        world.expect("it arrives", || seat.is_delivered(id), 10_000);
        match way {
            "alone" => world.kill_server(),
            "off" => seat.kill(),
            _ => {}
        }
        world.run_for(SEAT_LIFETIME_MS - HOUR_MS);
        assert!(
            seat.disk_holds(CANARY.as_bytes()),
            "{way}: its time is not over"
        );
        world.run_for(HOUR_MS);
        if way == "off" {
            seat.restart();
            world.run_for(1_000);
        }
        assert!(is_signed_out(&seat), "{way}");
        assert_eq!(seat.last_warning(), Some(WarningCode::SignedOut), "{way}");
        assert!(!seat.disk_holds(CANARY.as_bytes()), "{way}");
    }
}

#[test]
fn a_killed_program_takes_its_session_with_it_and_a_single_command_leaves_it_to_the_next() {
    for holds in [false, true] {
        let world = World::new(5);
        let (seat, bob) = at_a_seat(&world);
        seat.computer(|computer| computer.holds_session = holds);
        for _ in 0..2 {
            seat.kill();
            seat.restart();
        }
        if holds {
            assert!(is_signed_out(&seat));
            assert!(!seat.disk_holds(b"alice"));
            seat.sit_down("alice");
        }
        world.expect("she is there", || seat.is_friend_of(&bob), 10_000);
        let id = seat.send(&bob, "here");
        world.expect("and can write", || seat.is_delivered(id), 10_000);
    }
}

/// A full disk signed out whoever sat there: the window opened its home again, which took its own session for that of a
/// program that was killed.
#[test]
fn a_program_whose_disk_failed_goes_on_with_its_session() {
    let world = World::new(9);
    let (seat, bob) = at_a_seat(&world);
    seat.computer(|computer| computer.holds_session = true);
    seat.kill();
    seat.restart();
    seat.computer(|computer| computer.resumes_session = true);
    seat.kill();
    seat.restart();
    world.expect("she is there", || seat.is_friend_of(&bob), 10_000);
    let id = seat.send(&bob, "here");
    world.expect("and can write", || seat.is_delivered(id), 10_000);
}

#[test]
fn without_a_rendezvous_a_seat_is_wiped_and_ones_own_computer_is_not() {
    let world = World::new(6);
    let (seat, bob) = at_a_seat(&world);
    bob.kill();
    world.kill_server();
    world.run_for(100_000);
    let id = seat.send(&bob, CANARY);
    logout(&seat);
    assert_eq!(seat.state(id), Some(DeliveryState::Failed), "she is told");
    assert!(!seat.disk_holds(CANARY.as_bytes()));

    bob.restart();
    world.run_for(60_000);
    let refused = bob.ask(Command::Logout);
    assert_eq!(refused, Err(Failure::Unreachable));
    assert!(!is_signed_out(&bob));
}

#[test]
fn what_was_just_written_is_handed_over_before_a_session_ends() {
    let world = World::new(7);
    let (seat, bob) = at_a_seat(&world);
    bob.kill();
    world.run_for(5_000);
    let id = seat.send(&bob, CANARY);
    logout(&seat);
    assert_eq!(seat.state(id), Some(DeliveryState::LeftAtServer));
    bob.restart();
    world.expect("it was not lost", || bob.message(id).is_some(), 20_000);
}

#[test]
fn a_sign_in_that_fails_leaves_no_name_at_a_seat() {
    let world = World::new(8);
    let _alice = world.member("alice");
    let seat = world.actor("seat");
    seat.computer(|computer| computer.is_seat = true);
    seat.kill();
    seat.restart();
    assert!(seat.login_with("alice", "wrong horse battery").is_err());
    assert!(!seat.disk_holds(b"alice"));
    assert!(seat.login_with("alice", "correct horse battery").is_ok());
    assert!(seat.disk_holds(b"alice"));
}

/// The first file below a folder in whose name or bytes one of the words lies.
fn find_in_files(folder: &Path, words: &[&str]) -> anyhow::Result<Option<String>> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let found = if path.is_dir() {
            find_in_files(&path, words)?
        } else {
            // A socket has a name and no bytes.
            let bytes = if path.is_file() {
                std::fs::read(&path)?
            } else {
                Vec::new()
            };
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let lies_here = |word: &&&str| {
                name.contains(**word)
                    || bytes
                        .windows(word.len())
                        .any(|part| part == word.as_bytes())
            };
            let word = words.iter().find(lies_here);
            word.map(|word| format!("{word} in {}", path.display()))
        };
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

#[test]
fn the_next_person_at_a_seat_finds_nothing_in_any_file_of_the_home() -> anyhow::Result<()> {
    let stage = Stage::empty()?;
    let server = stage.rendezvous()?;
    let (mut alice, mut bob) = stage.friends(("alice", "bob"), &server)?;
    alice.done(json!({"do": "logout"}))?;
    let words = ["alice", "bob", CANARY, "canary-8-of-bob", "canary.txt"];
    let mut seat = stage.agent("seat")?;
    let login = |login: &str| json!({"do": "login", "login": login, "password": Stage::password(), "server": server.invite().ok(), "seat": true});
    for way in ["logout", "end", "kill"] {
        let signed_in = seat.done(login("alice"))?;
        assert_eq!(signed_in["kind"], "seat");
        let sent = seat.done(json!({"do": "send", "to": "bob", "text": CANARY}))?;
        bob.event("message", |event| event["id"] == sent["message"])?;
        let path = stage.path("canary.txt");
        std::fs::write(&path, CANARY.repeat(20_000))?;
        let offered = bob.done(json!({"do": "send_file", "to": "alice", "path": path}))?;
        bob.done(json!({"do": "send", "to": "alice", "text": "canary-8-of-bob"}))?;
        seat.event("message", |event| event["text"] == "canary-8-of-bob")?;
        // The archive brings that text of an earlier round, perhaps before the file of this one is known.
        seat.event("file", |event| event["file"] == offered["file"])?;
        seat.done(json!({"do": "accept_file", "file": offered["file"]}))?;
        let is_done =
            |event: &Value| event["file"] == offered["file"] && event["state"] == "verified";
        seat.event("file", is_done)?;
        ensure!(
            find_in_files(seat.home(), &words)?.is_some(),
            "they are looked for rightly"
        );
        match way {
            "logout" => drop(seat.done(json!({"do": "logout"}))?),
            "end" => {
                ensure!(seat.finish()?.success());
                assert_eq!(find_in_files(seat.home(), &words)?, None, "{way}");
                seat.restart()?;
            }
            _ => seat.restart()?,
        }
        assert_eq!(
            seat.refused(json!({"do": "whoami"}))?["code"],
            "not_signed_in",
            "{way}"
        );
        assert_eq!(find_in_files(seat.home(), &words)?, None, "{way}");
        bob.leftovers();
    }
    Ok(())
}

#[test]
fn a_session_begun_by_a_single_command_lasts_until_it_is_signed_out() -> anyhow::Result<()> {
    let stage = Stage::empty()?;
    let server = stage.rendezvous()?;
    let mut alice = stage.registered("alice", &server)?;
    alice.done(json!({"do": "logout"}))?;
    let home = stage.path("seat");
    std::fs::create_dir(&home)?;
    let preset = format!("server = \"{}\"\nseat = true\n", server.invite()?);
    std::fs::write(home.join("hutong.toml"), preset)?;
    let run = |arguments: &[&str], input: &str| -> anyhow::Result<(Option<i32>, Value)> {
        let mut command = stage.programs().command("hutong");
        command
            .args(["--json", "--no-mdns", "--home"])
            .arg(&home)
            .args(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(input.as_bytes())?;
        }
        let output = child.wait_with_output()?;
        Ok((
            output.status.code(),
            serde_json::from_slice(&output.stdout)?,
        ))
    };
    let (code, reply) = run(&["login", "alice", "--password-stdin"], Stage::password())?;
    assert_eq!((code, &reply["kind"]), (Some(0), &json!("seat")), "{reply}");
    let (code, reply) = run(&["whoami"], "")?;
    assert_eq!(
        (code, &reply["login"]),
        (Some(0), &json!("alice")),
        "{reply}"
    );
    assert_eq!(run(&["logout"], "")?.0, Some(0));
    assert_eq!(run(&["whoami"], "")?.0, Some(3));
    let files = find_in_files(&home, &["alice"])?;
    assert_eq!(files, None);
    Ok(())
}
