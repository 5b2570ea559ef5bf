//! Classrooms in the world and with the real programs: everybody in one class, codes, attendance and raised hands.

use hutong_common::id::GroupId;
use hutong_common::name::Login;
use hutong_common::refusal::Refusal;
use hutong_common::signed::Role;
use hutong_engine::api::classroom::{AttendanceShown, HandsShown};
use hutong_engine::api::command::{ClassroomCommand, GroupCommand, GroupEdit};
use hutong_engine::api::group::{GroupShown, RoleName};
use hutong_engine::api::policy::{ModeName, PolicyEdit};
use hutong_engine::api::{Command, Done, Event, Failure};
use hutong_tests::driver::{Rendezvous, Stage};
use hutong_tests::harness::actor::Actor;
use hutong_tests::harness::world::World;
use serde_json::json;

/// The one class that somebody is in.
fn class(who: &Actor) -> Option<GroupShown> {
    let Ok(Done::Groups { groups }) = who.ask(Command::Group(GroupCommand::Groups)) else {
        return None;
    };
    let [row] = &groups[..] else { return None };
    let group = row.group;
    match who.ask(Command::Group(GroupCommand::GroupShow { group })) {
        Ok(Done::Group(shown)) => Some(shown),
        Ok(_) | Err(_) => None,
    }
}

/// Logins and roles of the class that somebody is in.
fn members(who: &Actor) -> Vec<(String, RoleName)> {
    let members = class(who).map(|shown| shown.members).unwrap_or_default();
    let members = members.into_iter();
    members.map(|member| (member.login, member.role)).collect()
}

#[test]
fn on_the_first_day_everybody_sees_everybody_and_a_new_teacher_is_known_as_one() {
    let world = World::with_everybody(1, "七年级三班");
    let [lin, mei, tan] = ["lin", "mei", "tan"].map(|name| world.member(name));
    let of = |role| {
        let names = ["lin", "mei"].map(|name| (name.to_owned(), RoleName::Member));
        [&names[..], &[("tan".to_owned(), role)]].concat()
    };
    for who in [&lin, &mei, &tan] {
        let all_are_known = || members(who) == of(RoleName::Member);
        world.expect("all are classmates", all_are_known, 10_000);
    }
    assert_eq!(
        class(&lin).map(|shown| shown.name).as_deref(),
        Some("七年级三班")
    );
    let id = lin.send(&mei, "同学你好");
    world.expect("it arrives", || lin.is_delivered(id), 10_000);
    let login = Login::new("tan").expect("a login");
    world.administer(|service, cx| service.set_role(&login, Role::Teacher, cx));
    for who in [&lin, &tan] {
        let is_known = || members(who) == of(RoleName::Admin);
        world.expect("the teacher is an admin", is_known, 10_000);
    }
    let login = Login::new("mei").expect("a login");
    world.administer(|service, cx| service.delete_account(&login, cx));
    let is_gone = || members(&lin).len() == 2;
    world.expect("who is deleted is out", is_gone, 10_000);
}

fn ask(who: &Actor, asked: ClassroomCommand) -> Result<Done, Failure> {
    who.ask(Command::Group(GroupCommand::Classroom(asked)))
}

fn code(who: &Actor, group: GroupId, new: bool) -> Option<String> {
    let off = false;
    match ask(who, ClassroomCommand::GroupCode { group, new, off }) {
        Ok(Done::GroupCode(shown)) => shown.code,
        other => panic!("{other:?}"),
    }
}

fn attendance(who: &Actor, group: GroupId) -> AttendanceShown {
    match ask(who, ClassroomCommand::Attendance { group }) {
        Ok(Done::Attendance(shown)) => shown,
        other => panic!("{other:?}"),
    }
}

fn hand(who: &Actor, group: GroupId, up: bool) -> ClassroomCommand {
    let (login, all) = (None, false);
    let asked = ClassroomCommand::Hand {
        group,
        up,
        login,
        all,
    };
    ask(who, asked.clone()).expect("one's own hand");
    asked
}

/// Whose hands were told last.
fn hands(who: &Actor) -> Option<Vec<String>> {
    let of = |told: &HandsShown| told.hands.iter().map(|hand| hand.login.clone()).collect();
    who.last_event(|event| {
        if let Event::Hands(told) = event {
            Some(of(told))
        } else {
            None
        }
    })
}

/// A teacher with a class.
fn teacher(world: &World) -> (Actor, GroupId) {
    let tan = world.member("tan");
    let login = Login::new("tan").expect("a login");
    world.administer(|service, cx| service.set_role(&login, Role::Teacher, cx));
    let create = GroupCommand::GroupCreate {
        name: "算法课".to_owned(),
        members: Vec::new(),
        class: true,
    };
    match tan.ask(Command::Group(create)) {
        Ok(Done::Group(shown)) => (tan, shown.group),
        other => panic!("{other:?}"),
    }
}

/// An exam was noticed when a message was refused: nobody could read the rules of a class.
#[test]
fn members_read_the_rules_of_their_class_before_an_exam_silences_them() {
    let world = World::new(7);
    let (tan, group) = teacher(&world);
    let made = code(&tan, group, true).expect("a code");
    let lin = world.member("lin");
    ask(&lin, ClassroomCommand::GroupJoin { code: made }).expect("she comes in");
    let rules = |who: &Actor| class(who).and_then(|shown| shown.policy);
    world.expect("she knows them", || rules(&lin).is_some(), 5_000);
    assert_eq!(rules(&lin).map(|rules| rules.mode), Some(ModeName::Free));
    let change = |who: &Actor, edit: PolicyEdit| {
        let edit = GroupEdit::GroupPolicy(edit);
        who.ask(Command::Group(GroupCommand::Change(edit)))
    };
    let exam = PolicyEdit {
        mode: Some(ModeName::Exam),
        quiet: Some("22:00-06:30".to_owned()),
        ..PolicyEdit::of(group)
    };
    let refused = change(&lin, exam.clone());
    assert_eq!(refused, Err(Refusal::NotAllowed.into()), "not a member");
    change(&tan, exam).expect("the teacher may");
    let is_told = || rules(&lin).is_some_and(|rules| rules.mode == ModeName::Exam);
    world.expect("she is told", is_told, 5_000);
    let told = lin.last_event(|event| {
        if let Event::Group(told) = event {
            told.policy.clone()
        } else {
            None
        }
    });
    assert_eq!(told, rules(&tan), "programs hear it, too");
    assert_eq!(
        told.and_then(|rules| rules.quiet).as_deref(),
        Some("22:00-06:30")
    );
    let say = Command::Send {
        to: format!("g:{group}"),
        text: "第三题？".to_owned(),
    };
    assert_eq!(lin.ask(say), Err(Refusal::NotAllowed.into()));
    let nonsense = PolicyEdit {
        quiet: Some("at night".to_owned()),
        ..PolicyEdit::of(group)
    };
    let refused = change(&tan, nonsense);
    assert!(
        matches!(refused, Err(Failure::Malformed { .. })),
        "{refused:?}"
    );
}

#[test]
fn with_a_code_one_is_in_the_class_at_once_and_with_a_wrong_one_told_so() {
    let world = World::new(2);
    let (tan, class) = teacher(&world);
    assert_eq!(code(&tan, class, false), None);
    let made = code(&tan, class, true).expect("a code");
    assert_eq!(code(&tan, class, false).as_ref(), Some(&made));
    let lin = world.member("lin");
    for typed in ["0000-0000", "what is this"] {
        let code = typed.to_owned();
        let refused = ask(&lin, ClassroomCommand::GroupJoin { code: code.clone() });
        assert_eq!(refused, Err(Failure::NoSuchCode { code }));
    }
    let typed = made.to_lowercase().replace('-', " ");
    let joined = ask(&lin, ClassroomCommand::GroupJoin { code: typed });
    let Ok(Done::Group(shown)) = joined else {
        panic!("{joined:?}");
    };
    assert_eq!((shown.group, shown.role), (class, RoleName::Member));
    for who in [&tan, &lin] {
        world.expect("both are in", || members(who).len() == 2, 5_000);
    }
    let refused = ask(
        &lin,
        ClassroomCommand::GroupCode {
            group: class,
            new: false,
            off: false,
        },
    );
    assert_eq!(refused, Err(Refusal::NotAllowed.into()));
}

#[test]
fn a_teacher_sees_who_is_there_and_whose_hand_is_up() {
    let world = World::new(3);
    let (tan, class) = teacher(&world);
    let code = code(&tan, class, true).expect("a code");
    let students = ["lin", "mei"].map(|name| world.member(name));
    for student in &students {
        let code = code.clone();
        ask(student, ClassroomCommand::GroupJoin { code }).expect("in");
    }
    let [lin, mei] = &students;
    world.expect("all are in", || members(&tan).len() == 3, 5_000);
    let all_are_named = || {
        let shown = attendance(&tan, class);
        let names = shown.members.iter().map(|member| member.login.as_str());
        names.eq(["tan", "lin", "mei"])
    };
    world.expect("all are named", all_are_named, 5_000);
    mei.kill();
    world.expect(
        "one is missing",
        || attendance(&tan, class).missing == 1,
        90_000,
    );
    let shown = attendance(&tan, class);
    let [of_tan, of_lin, of_mei] = &shown.members[..] else {
        panic!("{shown:?}");
    };
    assert_eq!(
        (of_tan.role, of_lin.role),
        (RoleName::Owner, RoleName::Member)
    );
    assert!(of_lin.present && !of_mei.present, "{shown:?}");
    assert!(of_lin.seat.is_some() && of_lin.since_ms <= Some(world.unix_ms()));
    assert_eq!((of_mei.since_ms, &of_mei.seat), (None, &None));
    mei.restart();
    world.expect(
        "she is back",
        || attendance(&tan, class).missing == 0,
        20_000,
    );

    hands_go_up_and_down(&world, (&tan, lin, mei), class);
}

fn hands_go_up_and_down(world: &World, (tan, lin, mei): (&Actor, &Actor, &Actor), class: GroupId) {
    hand(mei, class, true);
    world.run_for(10);
    hand(lin, class, true);
    let both = Some(vec!["mei".to_owned(), "lin".to_owned()]);
    world.expect("the teacher is told", || hands(tan) == both, 5_000);
    let own = Some(vec!["lin".to_owned()]);
    world.expect("one's own is told", || hands(lin) == own, 5_000);
    hand(mei, class, false);
    world.expect("one less", || hands(tan) == own, 5_000);
    let all = ClassroomCommand::Hand {
        group: class,
        up: false,
        login: None,
        all: true,
    };
    assert_eq!(ask(lin, all.clone()), Err(Refusal::NotAllowed.into()));
    ask(tan, all).expect("all down");
    for who in [tan, lin] {
        world.expect("all are down", || hands(who) == Some(Vec::new()), 5_000);
    }
    let login = Some("mei".to_owned());
    let nonsense = ClassroomCommand::Hand {
        group: class,
        up: true,
        login,
        all: false,
    };
    let refused = ask(tan, nonsense);
    assert!(
        matches!(refused, Err(Failure::Malformed { .. })),
        "{refused:?}"
    );
    let Ok(Done::Hands(none)) = ask(tan, ClassroomCommand::Hands { group: class }) else {
        panic!("a list of hands");
    };
    assert!(none.hands.is_empty());
}

#[test]
fn a_rendezvous_as_everybody_starts_it_puts_all_into_one_class() -> anyhow::Result<()> {
    let stage = Stage::empty()?;
    let data = stage.path("rendezvous");
    let serve = |options: &[&str]| {
        let options = [&["--no-mdns"], options].concat();
        Rendezvous::as_it_is(stage.programs(), &data, "127.0.0.1:0", &options)
    };
    let mut server = serve(&["--no-everybody"])?;
    let mut lin = stage.registered("lin", &server)?;
    let groups = json!({"do": "groups"});
    assert_eq!(lin.done(groups.clone())?["groups"], json!([]));
    server.kill()?;
    let listen = server.control()?.to_owned();
    drop(server);
    let options = ["--no-mdns"];
    let server = Rendezvous::as_it_is(stage.programs(), &data, &listen, &options)?;
    let mut mei = stage.registered("mei", &server)?;
    for agent in [&mut lin, &mut mei] {
        let told = agent.until(&groups, |told| told["groups"][0]["members"] == 2)?;
        assert_eq!(told["groups"][0]["kind"], "class");
        assert_eq!(told["groups"][0]["name"], "全体 Everybody");
    }
    mei.done(json!({"do": "send", "to": "lin", "text": "你好"}))?;
    lin.event("message", |message| message["text"] == "你好")?;
    Ok(())
}

/// What a command prints, and how it ends.
fn typed(stage: &Stage, home: &str, words: &[&str]) -> anyhow::Result<(String, String, bool)> {
    let mut command = stage.programs().command("hutong");
    command.arg("--home").arg(stage.path(home));
    let output = command
        .args(["--no-mdns", "--lang", "zh"])
        .args(words)
        .output()?;
    let (out, err) = (
        String::from_utf8(output.stdout)?,
        String::from_utf8(output.stderr)?,
    );
    Ok((out, err, output.status.success()))
}

#[test]
fn a_lesson_is_held_from_the_terminal() -> anyhow::Result<()> {
    let stage = Stage::empty()?;
    let server = stage.rendezvous()?;
    let _tan = stage.registered("tan", &server)?;
    let mut lin = stage.registered("lin", &server)?;
    lin.done(json!({"do": "profile", "name": "=1+1"}))?;
    let mut lifted = stage.programs().command("rendezvous");
    let lifted = lifted.arg("--data").arg(server.data());
    let lifted = lifted
        .args(["account", "role", "tan", "teacher"])
        .output()?;
    anyhow::ensure!(lifted.status.success(), "{lifted:?}");
    let tan = |words: &[&str]| typed(&stage, "tan", words);
    let made = tan(&["--json", "group", "create", "算法课", "--class"])?.0;
    let made: serde_json::Value = serde_json::from_str(&made)?;
    let class = format!("g:{}", made["group"]);
    let (none, ..) = tan(&["group", "code", &class])?;
    assert!(none.contains("没有加入码"), "{none}");
    let (shown, ..) = tan(&["group", "code", &class, "--new"])?;
    let code = shown.rsplit(' ').next().unwrap_or_default().trim();
    assert!(code.len() == 9 && shown.contains("加入码"), "{shown}");
    let (_, wrong, is_done) = typed(&stage, "lin", &["group", "join", "00000000"])?;
    assert!(!is_done && wrong.contains("没有加入码为"), "{wrong}");
    let (joined, wrong, is_done) = typed(&stage, "lin", &["group", "join", code])?;
    assert!(is_done && joined.contains("算法课"), "{joined}{wrong}");
    lin.done(json!({"do": "hand", "group": made["group"], "up": true}))?;
    let (hands, ..) = tan(&["group", "hands", &class])?;
    assert!(hands.contains("1. =1+1（lin）"), "{hands}");
    let (_, _, is_done) = tan(&["group", "hand", &class, "down", "lin"])?;
    assert!(is_done);
    lin.event("hands", |told| told["hands"] == json!([]))?;
    let (there, ..) = tan(&["group", "attendance", &class])?;
    assert!(there.contains("到 2 人，缺 0 人"), "{there}");
    let path = stage.path("attendance.csv");
    let csv = path.to_string_lossy().into_owned();
    let (_, saved, is_done) = tan(&["group", "attendance", &class, "--csv", &csv])?;
    assert!(is_done && saved.contains("已保存"), "{saved}");
    let bytes = std::fs::read(&path)?;
    assert!(bytes.starts_with(b"\xef\xbb\xbf"), "the mark of UTF-8");
    let (piped, ..) = tan(&["group", "attendance", &class, "--csv", "-"])?;
    assert_eq!(piped.as_bytes(), bytes);
    assert!(piped.contains("\r\nlin,'=1+1,成员,到,20"), "{piped}");
    let nowhere = stage.path("no/such/folder.csv");
    let nowhere = nowhere.to_string_lossy().into_owned();
    let (_, refused, is_done) = tan(&["group", "attendance", &class, "--csv", &nowhere])?;
    assert!(!is_done && refused.contains("无法写入"), "{refused}");
    let (_, refused, is_done) = typed(&stage, "lin", &["group", "attendance", &class])?;
    assert!(!is_done && !refused.is_empty(), "{refused}");
    Ok(())
}
