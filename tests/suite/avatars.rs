//! Pictures of people: whoever may see one has it as a small file in the home, and nobody else.

use anyhow::ensure;
use hutong_engine::api::command::{AvatarChoice, Profile};
use hutong_engine::api::{Command, Done, Failure};
use hutong_tests::driver::{Agent, Stage};
use hutong_tests::harness::actor::Actor;
use hutong_tests::harness::world::World;
use image::{ImageFormat, Rgb, RgbImage};
use serde_json::{Value, json};
use std::io::Cursor;
use std::path::{Path, PathBuf};

/// A picture of one colour.
fn picture(format: ImageFormat, colour: [u8; 3]) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::from_pixel(640, 480, Rgb(colour))
        .write_to(&mut bytes, format)
        .expect("memory takes it");
    bytes.into_inner()
}

fn is_avatar_of(bytes: &[u8], colour: [u8; 3]) -> bool {
    let seen = image::load_from_memory(bytes).expect("a picture").to_rgb8();
    assert_eq!(seen.dimensions(), (256, 256));
    let Rgb(middle) = seen.get_pixel(128, 128);
    let mut pairs = middle.iter().zip(colour);
    pairs.all(|(seen, wanted)| seen.abs_diff(wanted) < 8)
}

const RED: [u8; 3] = [250, 10, 10];
const BLUE: [u8; 3] = [10, 10, 250];

fn put(by: &Actor, path: &str, bytes: Vec<u8>) {
    by.computer(|computer| computer.pictures.insert(path.into(), bytes));
}

fn set(by: &Actor, choice: AvatarChoice) -> Result<Done, Failure> {
    by.ask(Command::Profile(Profile {
        avatar: Some(choice),
        ..Profile::default()
    }))
}

/// Puts a picture of that colour there and sets it.
fn wear(by: &Actor, colour: [u8; 3]) {
    put(by, "/me.png", picture(ImageFormat::Png, colour));
    set(by, AvatarChoice::File("/me.png".into())).expect("it is taken");
}

/// What lies at a path that was told, and its colour.
fn shows(by: &Actor, path: Option<&PathBuf>, colour: [u8; 3]) -> bool {
    let Some(path) = path else { return false };
    let bytes = by.computer(|computer| computer.pictures.get(path).cloned());
    is_avatar_of(&bytes.expect("what is told lies there"), colour)
}

fn whois(by: &Actor, of: &Actor) -> Option<PathBuf> {
    let account = of.account().expect("signed in");
    match by.ask(Command::Whois { account }) {
        Ok(Done::Person(person)) => person.avatar,
        other => panic!("{other:?}"),
    }
}

fn in_friends(by: &Actor) -> Option<PathBuf> {
    match by.ask(Command::Friends) {
        Ok(Done::Friends { friends }) => friends[0].avatar.clone(),
        other => panic!("{other:?}"),
    }
}

fn whoami(by: &Actor) -> Option<PathBuf> {
    match by.ask(Command::Whoami) {
        Ok(Done::Whoami(whoami)) => whoami.avatar,
        other => panic!("{other:?}"),
    }
}

/// Pictures in the home of a computer.
fn kept(by: &Actor) -> usize {
    let below = by.computer(|computer| computer.home().join("avatars"));
    by.computer(|computer| {
        let paths = computer.pictures.keys();
        paths.filter(|path| path.starts_with(&below)).count()
    })
}

#[test]
fn a_friend_has_the_picture_that_is_worn_now_also_after_a_restart() {
    let world = World::new(1);
    let (alice, bob) = world.friends("alice", "bob");
    assert_eq!((whois(&bob, &alice), whoami(&alice)), (None, None));
    wear(&alice, RED);
    world.expect("he sees it", || in_friends(&bob).is_some(), 5_000);
    assert!(shows(&bob, whois(&bob, &alice).as_ref(), RED));
    assert!(shows(&bob, in_friends(&bob).as_ref(), RED));
    world.expect("so does she", || whoami(&alice).is_some(), 5_000);
    assert!(shows(&alice, whoami(&alice).as_ref(), RED));

    bob.kill();
    wear(&alice, BLUE);
    bob.restart();
    let is_blue = || shows(&bob, in_friends(&bob).as_ref(), BLUE);
    world.expect("he catches up", is_blue, 10_000);
    assert_eq!(kept(&bob), 1, "the one before is gone");
    bob.kill();
    world.kill_server();
    bob.restart();
    assert!(is_blue(), "it is there without a rendezvous");
    world.restart_server();
    world.run_for(60_000);

    set(&alice, AvatarChoice::None).unwrap();
    world.expect("he forgets it", || in_friends(&bob).is_none(), 60_000);
    assert_eq!((kept(&bob), kept(&alice), whoami(&alice)), (0, 0, None));
}

#[test]
fn whoever_is_blocked_or_a_stranger_has_no_picture() {
    let world = World::new(2);
    let (alice, bob) = world.friends("alice", "bob");
    let carol = world.member("carol");
    wear(&alice, RED);
    world.expect("he sees it", || in_friends(&bob).is_some(), 5_000);
    let account = alice.account().unwrap();
    let refused = carol.ask(Command::Whois { account }).unwrap_err();
    assert_eq!(refused.code(), "not_found");
    let login = bob.name();
    alice.ask(Command::Block { login }).unwrap();
    wear(&alice, BLUE);
    world.expect("the old one goes as well", || kept(&bob) == 0, 5_000);
    bob.kill();
    bob.restart();
    world.run_for(10_000);
    assert_eq!(kept(&bob), 0);
    assert_eq!(kept(&carol), 0);
}

#[test]
fn a_picture_that_is_none_changes_nothing_and_is_refused_before_a_registration() {
    let world = World::new(3);
    let alice = world.member("alice");
    put(&alice, "/text.png", b"not a picture".to_vec());
    put(&alice, "/large.png", vec![0; 16 * 1024 * 1024 + 1]);
    for (path, code) in [
        ("/text.png", "picture_unreadable"),
        ("/large.png", "picture_too_large"),
        ("/none.png", "no_such_file"),
    ] {
        let asked = Command::Profile(Profile {
            name: Some("Other".to_owned()),
            avatar: Some(AvatarChoice::File(path.into())),
            ..Profile::default()
        });
        assert_eq!(alice.ask(asked).unwrap_err().code(), code);
    }
    match alice.ask(Command::Whoami) {
        Ok(Done::Whoami(whoami)) => assert_eq!((&*whoami.name, whoami.avatar), ("alice", None)),
        other => panic!("{other:?}"),
    }

    let dora = world.actor("dora");
    put(&dora, "/text.png", b"not a picture".to_vec());
    put(&dora, "/me.webp", picture(ImageFormat::WebP, RED));
    let register = |path: &str| {
        dora.register_with(|asked| asked.avatar = Some(AvatarChoice::File(path.into())))
    };
    assert_eq!(
        register("/text.png").unwrap_err().code(),
        "picture_unreadable"
    );
    register("/me.webp").unwrap();
    world.expect("it is hers", || whoami(&dora).is_some(), 5_000);
    assert!(shows(&dora, whoami(&dora).as_ref(), RED));
}

fn avatars(agent: &Agent) -> anyhow::Result<usize> {
    Ok(std::fs::read_dir(agent.home().join("avatars"))?.count())
}

fn lies_there(answer: &Value, colour: [u8; 3]) -> anyhow::Result<bool> {
    let path = answer["avatar"].as_str().map(Path::new);
    let path = path.ok_or_else(|| anyhow::anyhow!("no picture: {answer}"))?;
    ensure!(path.is_absolute());
    Ok(is_avatar_of(&std::fs::read(path)?, colour))
}

#[test]
fn real_homes_keep_pictures_for_their_person_alone_and_nothing_after_a_logout() -> anyhow::Result<()>
{
    let stage = Stage::empty()?;
    let server = stage.rendezvous()?;
    let (mut alice, mut bob) = stage.friends(("alice", "bob"), &server)?;
    let file = stage.path("me.gif");
    std::fs::write(&file, picture(ImageFormat::Gif, RED))?;
    let relative = alice.refused(json!({"do": "profile", "avatar": "me.gif"}))?;
    assert_eq!(relative["code"], "malformed");
    alice.done(json!({"do": "profile", "avatar": file, "signature": "同桌的你", "sex": "f"}))?;
    // Whoever has caught up has the pictures.
    bob.restart()?;
    bob.event("caught_up", |_| true)?;
    let account = alice.done(json!({"do": "whoami"}))?["account"].clone();
    let whois = bob.done(json!({"do": "whois", "account": account}))?;
    ensure!(lies_there(&whois, RED)?);
    assert_eq!(
        (&whois["signature"], &whois["sex"]),
        (&json!("同桌的你"), &json!("f"))
    );
    let friends = bob.done(json!({"do": "friends"}))?;
    ensure!(lies_there(&friends["friends"][0], RED)?);
    assert_eq!(avatars(&bob)?, 1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let path = whois["avatar"].as_str().unwrap_or_default();
        let mode = std::fs::metadata(path)?.permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    // What no row tells of goes at the next start.
    std::fs::write(bob.home().join("avatars").join("1-left.part"), b"x")?;
    bob.restart()?;
    assert_eq!(avatars(&bob)?, 1);
    bob.done(json!({"do": "logout"}))?;
    assert_eq!(avatars(&bob)?, 0);
    alice.done(json!({"do": "logout"}))?;
    assert_eq!(avatars(&alice)?, 0);
    Ok(())
}
