//! What the rendezvous itself announces, at the console of whoever runs it.

use super::{class_of, confirmed, heard, look};
use hutong_common::bounded::Text;
use hutong_common::message::{Announced, SERVER};
use hutong_engine::api::announcement::SERVER_NAMED;
use hutong_engine::api::command::GroupCommand;
use hutong_engine::api::{Command, Done};
use hutong_tests::driver::Stage;
use hutong_tests::harness::actor::Actor;
use hutong_tests::harness::world::World;
use serde_json::{Value, json};

fn said(text: &str, confirm: bool) -> Announced {
    let text = Text::new(text).expect("it is short");
    let large = false;
    Announced {
        text,
        large,
        confirm,
    }
}

/// Whoever runs the rendezvous tells everybody at its console, who is not there gets it when he comes, and the console says who
/// has read it.
#[test]
fn the_rendezvous_itself_announces_to_all_and_knows_who_has_read_it() {
    let world = World::new(35);
    let [lin, mei, bo] = ["lin", "mei", "bo"].map(|login| world.member(login));
    bo.kill();
    world.run_for(1_000);
    let made = world.announces(None, said("今晚维护，请保存文件", true));
    assert_eq!((made.total, made.waiting, made.offline), (3, 2, 1));
    let number = made.number;
    let far = |wanted: [usize; 5]| {
        let facts = world.announced(number);
        let of = [facts.confirmed, facts.shown, facts.delivered];
        [of[0], of[1], of[2], facts.waiting, facts.offline] == wanted
    };
    world.expect(
        "those who are there have it",
        || far([0, 0, 2, 0, 1]),
        5_000,
    );
    let got = heard(&lin).pop().expect("it was heard");
    assert_eq!((&*got.from, got.account), (SERVER_NAMED, SERVER));
    assert_eq!((&*got.conversation, got.how.confirm), ("g:lan", true));
    look(&mei, "g:lan");
    confirmed(&lin, got.id);
    world.expect("one confirmed, one looked", || far([1, 1, 0, 0, 1]), 5_000);
    bo.restart();
    world.expect("who comes gets it", || far([1, 1, 1, 0, 0]), 10_000);

    // The same once more to those who have not confirmed it.
    let again = world.administer(|service, cx| {
        let (facts, effects) = service.announce_again(number, cx)?;
        Ok((facts, true, effects))
    });
    assert_eq!(again.total, 2);
    let texts = |who: &Actor| heard(who).len();
    world.expect("they get it", || texts(&mei) == 2 && texts(&bo) == 2, 5_000);
    assert_eq!(texts(&lin), 1);
    // Nothing of it lies there for ever: a new account is not told of old times.
    let late = world.member("late");
    world.run_for(10_000);
    assert_eq!(texts(&late), 0);
    // Yet it hears at once what is said next, though it has not heard the numbers before.
    world.announces(None, said("维护结束", false));
    world.expect("also who came late", || texts(&late) == 1, 1_000);
}

#[test]
fn the_rendezvous_announces_to_one_class_alone() {
    let world = World::with_everybody(36, "全校");
    let (tan, pupils) = class_of(&world, 2);
    let group = match tan.ask(Command::Group(GroupCommand::Groups)) {
        Ok(Done::Groups { groups }) => groups[0].group,
        other => panic!("{other:?}"),
    };
    let made = world.announces(Some(group), said("班费已收齐", false));
    assert_eq!(made.total, 3);
    let all = || pupils.iter().chain([&tan]).all(|who| heard(who).len() == 1);
    world.expect("all members hear it", all, 5_000);
    let got = heard(&pupils[0]).pop().expect("it was heard");
    assert_eq!(got.conversation, format!("g:{group}"));
    // Nobody confirms for somebody else, nor what is not his: the console counts only whom it is for.
    confirmed(&pupils[1], got.id);
    let counted = || world.announced(made.number).confirmed == 1;
    world.expect("confirmed all the same", counted, 5_000);
    assert_eq!(world.announced(made.number).total, 3);
}

/// The console beside a running rendezvous, and the terminals of two people.
#[test]
fn whoever_runs_the_rendezvous_announces_at_its_console() -> anyhow::Result<()> {
    let stage = Stage::empty()?;
    let server = stage.rendezvous()?;
    let mut lin = stage.registered("lin", &server)?;
    let _mei = stage.registered("mei", &server)?;
    let console = |words: &[&str]| -> anyhow::Result<(String, String, bool)> {
        let mut command = stage.programs().command("rendezvous");
        let command = command.arg("--data").arg(server.data());
        let output = command.args(["--lang", "zh"]).args(words).output()?;
        let text = |bytes| String::from_utf8(bytes);
        let (out, err) = (text(output.stdout)?, text(output.stderr)?);
        Ok((out, err, output.status.success()))
    };
    let (none, said, _) = console(&["announcements"])?;
    assert!(none.is_empty() && said.contains("没有公告"), "{said}");
    let (_, wrong, is_done) = console(&["announcements", "1"])?;
    assert!(!is_done && wrong.contains("没有这个编号的公告"), "{wrong}");
    let (_, wrong, is_done) = console(&["announce", "hi", "--group", "7"])?;
    assert!(!is_done && wrong.contains("没有这个编号的群"), "{wrong}");

    let (number, said, _) = console(&["announce", "今晚维护", "--confirm", "--large"])?;
    assert_eq!(number.trim(), "1");
    assert!(said.contains("正在发给 2 人"), "{said}");
    let told = lin.event("announcement", |told| told["text"] == "今晚维护")?;
    assert_eq!(
        (&told["from"], &told["large"]),
        (&json!(SERVER_NAMED), &json!(true))
    );
    lin.done(json!({"do": "confirm", "message": told["id"]}))?;
    let mut command = stage.programs().command("hutong");
    let command = command.arg("--home").arg(stage.path("lin"));
    let listed = command
        .args(["--no-mdns", "--lang", "zh", "announcements"])
        .output()?;
    let listed = String::from_utf8(listed.stdout)?;
    assert!(listed.contains("服务器：今晚维护"), "{listed}");
    // The answer to the confirmation came after the rendezvous had it, or before: it is asked for until then.
    let mut proof = String::new();
    let is_known = |proof: &str| proof.contains("已确认    1  lin");
    for _ in 0..100 {
        proof = console(&["announcements", "1"])?.0;
        if is_known(&proof) {
            break;
        }
    }
    assert!(is_known(&proof) && proof.contains("共 2 人"), "{proof}");
    let (again, ..) = console(&["announce", "--again", "1", "--json"])?;
    let again: Value = serde_json::from_str(&again)?;
    assert_eq!((&again["number"], &again["total"]), (&json!(2), &json!(1)));
    let (all, ..) = console(&["announcements", "--json"])?;
    let all: Value = serde_json::from_str(&all)?;
    assert_eq!(all["announcements"].as_array().map(Vec::len), Some(2));
    Ok(())
}
