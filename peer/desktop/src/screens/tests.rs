//! Every screen, in both languages and shades: it can be laid out and painted, what it must say is there, and a picture of it
//! lies in `target/screens` for people to look at.

mod doctor;
mod front;
mod groups;
mod hands;
mod presenting;

use crate::app;
use crate::input::intent::{EntryIntent, Go, OwnIntent, PeopleIntent};
use crate::input::{Input, Intent, Kept, Purpose};
use crate::model::entry::Mode;
use crate::model::home::{Pane, Tab};
use crate::model::prefs::Shade;
use crate::model::{AppState, Dialog, Link, Search};
use crate::scene::{self, NOW, Scene, lively};
use druid::Size;
use druid::tests::harness::Harness;
use hutong_common::id::{AccountId, DeviceId, RequestId};
use hutong_common::text::Lang;
use hutong_engine::api::done::{BlockedRow, Device, RequestRow, Safety, ServerSeen};
use hutong_engine::api::event::{RequestKind, ServerState, WarningCode};
use hutong_engine::api::{Done, Event, Failure};
use hutong_host::class::Open;
use std::path::PathBuf;
use std::sync::Arc;

/// The smallest window that must look right, and the usual one.
const SIZES: [Size; 2] = [Size::new(900.0, 600.0), Size::new(1000.0, 680.0)];

fn folder() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target")),
        PathBuf::from,
    );
    let folder = target.join("screens");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Paints the window, keeps the picture, and returns its words.
fn paint(name: &str, state: AppState, size: Size) -> String {
    scene::heard();
    let path = folder().join(format!("{name}.png"));
    Harness::create_with_render(
        state,
        app::root(),
        size,
        |harness| {
            harness.send_initial_events();
            harness.just_layout();
            harness.paint();
        },
        |target| {
            let (width, height) = (size.width as u32, size.height as u32);
            let pixels = target.into_raw();
            image::save_buffer(
                &path,
                &pixels,
                width,
                height,
                image::ExtendedColorType::Rgba8,
            )
            .unwrap();
        },
    );
    scene::heard()
}

/// In both languages and shades; `must_say` holds words in English and Chinese.
fn tour(name: &str, state: &AppState, must_say: (&str, &str)) {
    for (lang, expected) in [(Lang::En, must_say.0), (Lang::Zh, must_say.1)] {
        for shade in [Shade::Light, Shade::Dark] {
            let mut state = state.clone();
            (state.prefs.lang, state.prefs.shade) = (lang, shade);
            // The lists are made of words of the language.
            state.take_quietly();
            let shade = if shade == Shade::Light {
                "light"
            } else {
                "dark"
            };
            let name = format!("{name}-{}-{shade}", lang.name());
            let said = paint(&name, state, SIZES[1]);
            assert!(
                said.contains(expected),
                "{name}: {expected} is not in\n{said}"
            );
        }
    }
}

impl AppState {
    /// Makes the lists anew; nothing is done outside.
    fn take_quietly(&mut self) {
        let tick = Input::Tick(crate::input::Tick::Toast(0));
        crate::reduce::reduce(self, tick, NOW);
    }
}

#[test]
fn the_first_screen_in_all_its_states() {
    let mut scene = Scene::out();
    tour(
        "entry-looking",
        &scene.state,
        ("Looking for a server", "正在局域网中寻找服务器"),
    );
    let server = |name: &str, port, trusted| ServerSeen {
        name: name.to_owned(),
        server_id: "id".to_owned(),
        fingerprint: "a2tk ygt2 ws3c 5vwp".to_owned(),
        address: ([192, 168, 1, 20], port).into(),
        trusted,
    };
    let servers = vec![
        server("三年二班", 7440, true),
        server("三年二班", 7441, false),
    ];
    scene.answer(Purpose::Servers, Done::Servers { servers });
    tour(
        "entry-servers",
        &scene.state,
        ("same name, another key", "同名但密钥不同"),
    );
    scene.want(Intent::Entry(EntryIntent::Switch(Mode::Register)));
    scene.want(Intent::Entry(EntryIntent::Submit));
    tour(
        "entry-register",
        &scene.state,
        ("Please type your login name", "请填写登录名"),
    );
    scene.want(Intent::Entry(EntryIntent::Switch(Mode::Class)));
    tour(
        "entry-class",
        &scene.state,
        ("Name of the class", "班级名称"),
    );
    scene.want(Intent::Entry(EntryIntent::Switch(Mode::SignIn)));
    let doubt = Failure::ServerNotTrusted {
        fingerprint: "a2tk ygt2 ws3c 5vwp".to_owned(),
        address: "192.168.1.20:7440".to_owned(),
    };
    scene.take(Input::Answer(Purpose::Enter, Err(doubt)));
    tour(
        "entry-doubt",
        &scene.state,
        ("Is this the right server", "这是正确的服务器吗"),
    );
}

#[test]
fn home_when_it_is_empty_when_it_is_lively_and_when_the_server_is_gone() {
    let mut scene = Scene::begin();
    scene.tell(Event::Ready(scene::ready(Some("alice"))));
    tour(
        "home-empty",
        &scene.state,
        ("No conversations yet", "还没有消息"),
    );
    let mut scene = lively();
    tour("chat", &scene.state, ("王小明", "王小明"));
    scene.want(Intent::Go(Go::Tab(Tab::Friends)));
    tour(
        "friends",
        &scene.state,
        ("carol the friend", "carol the friend"),
    );
    scene.tell(Event::Server {
        state: ServerState::Backoff,
    });
    assert_eq!(scene.state.link, Link::Offline);
    scene.take(Input::Class(Ok(Kept::Rests)));
    tour(
        "chat-offline",
        &scene.state,
        ("Server not reachable", "连不上服务器"),
    );
}

#[test]
fn the_panes_beside_the_conversations() {
    let mut scene = lively();
    let requests = ["pending", "accepted"].map(|state| RequestRow {
        request: RequestId(1),
        kind: RequestKind::Friend,
        direction: "in",
        from: "dora".to_owned(),
        to: "alice".to_owned(),
        name: "朵拉".to_owned(),
        text: "同学你好，我是隔壁班的".to_owned(),
        at_ms: NOW,
        state,
        group: None,
        group_name: None,
    });
    scene.answer(
        Purpose::Requests,
        Done::Requests {
            requests: requests.to_vec(),
        },
    );
    scene.want(Intent::Go(Go::Pane(Pane::Requests)));
    tour(
        "requests",
        &scene.state,
        ("Answered before", "已处理的申请"),
    );
    scene.want(Intent::Go(Go::Pane(Pane::Files)));
    tour("files", &scene.state, ("lecture.mp4", "lecture.mp4"));
    scene.want(Intent::Go(Go::Pane(Pane::Profile)));
    tour(
        "profile",
        &scene.state,
        ("A line about yourself", "个性签名"),
    );
    let device = |number, this| Device {
        device: DeviceId([number; 16]),
        label: format!("LAB-{number}"),
        kind: "own",
        added_ms: NOW,
        until_ms: 0,
        this,
        gone: false,
    };
    let devices = vec![device(1, true), device(2, false)];
    scene.answer(Purpose::Devices, Done::Devices { devices });
    scene.want(Intent::Go(Go::Pane(Pane::Devices)));
    tour("devices", &scene.state, ("this computer", "本机"));
    let blocked = ["mallory", "10042"].map(|login| BlockedRow {
        login: login.to_owned(),
        account: AccountId(10_042),
        remark: None,
    });
    let blocked = blocked.to_vec();
    scene.answer(Purpose::Blocked, Done::Blocked { blocked });
    scene.want(Intent::Go(Go::Pane(Pane::Settings)));
    tour("settings", &scene.state, ("Text size", "文字大小"));
}

#[test]
fn the_past_of_a_conversation() {
    let mut scene = lively();
    scene.want(Intent::Go(Go::Pane(Pane::History)));
    let messages = scene::said();
    let purpose = Purpose::Past { with: "bob".into() };
    scene.answer(
        purpose,
        Done::History {
            messages,
            more: false,
        },
    );
    tour(
        "history",
        &scene.state,
        ("History with 王小明", "与 王小明 的聊天记录"),
    );
}

#[test]
fn the_dialogs_lie_above_everything() {
    let mut scene = lively();
    scene.want(Intent::Go(Go::Dialog(Dialog::AddFriend(Search::default()))));
    tour("dialog-add", &scene.state, ("Add a friend", "加好友"));
    scene.want(Intent::People(PeopleIntent::Show("bob".into())));
    tour(
        "dialog-person",
        &scene.state,
        ("Login name: bob", "登录名：bob"),
    );
    scene.want(Intent::Go(Go::Dialog(Dialog::Remove("bob".into()))));
    tour(
        "dialog-remove",
        &scene.state,
        ("Remove 王小明?", "删除好友 王小明"),
    );
    scene.want(Intent::Go(Go::Dialog(Dialog::SignOut)));
    tour(
        "dialog-sign-out",
        &scene.state,
        ("Sign out?", "要退出登录吗"),
    );
    let open = Open {
        name: "三年二班".to_owned(),
        invite: "hutong://join?h=192.168.1.20:7440".to_owned(),
        hosts: vec!["192.168.1.20:7440".to_owned(), "10.0.0.5:7440".to_owned()],
        fingerprint: "a2tk ygt2 ws3c 5vwp r425 rkcx tsit u3ox".to_owned(),
        server: hutong_common::id::ServerId([1; 32]),
        control: ([127, 0, 0, 1], 7440).into(),
    };
    scene.take(Input::Class(Ok(Kept::Open(Arc::new(open)))));
    scene.want(Intent::Go(Go::Dialog(Dialog::Class)));
    tour(
        "dialog-class",
        &scene.state,
        ("192.168.1.20:7440", "192.168.1.20:7440"),
    );
    scene.want(Intent::Go(Go::Back));
    scene.want(Intent::Quit);
    tour(
        "dialog-leave",
        &scene.state,
        ("Your class is running", "班级正在运行"),
    );
}

#[test]
fn the_digits_to_compare_and_the_password_for_waiting_mail_are_asked_above_everything() {
    let mut scene = lively();
    let with: druid::ArcStr = "bob".into();
    scene.want(Intent::People(PeopleIntent::Safety(with.clone())));
    let safety = Safety {
        login: "bob".to_owned(),
        account: AccountId(10_001),
        safety: ["12345"; 12].join(" "),
        verified: false,
        key_changed: true,
    };
    scene.answer(Purpose::Safety { with }, Done::Safety(safety));
    tour(
        "dialog-safety",
        &scene.state,
        ("Go on without comparing", "不核对，继续使用"),
    );
    scene.want(Intent::Own(OwnIntent::AskUnlock));
    tour(
        "dialog-unlock",
        &scene.state,
        ("Read what waits", "查看等待中的消息"),
    );
}

#[test]
fn troubles_are_told_above_the_conversation() {
    let mut scene = lively();
    scene.tell(Event::warning(WarningCode::Storage, "disk"));
    scene.tell(Event::warning(WarningCode::ClockOff, "clock"));
    tour(
        "troubles",
        &scene.state,
        ("disk failed or is full", "磁盘出错或已满"),
    );
    let failure = Failure::Refused(hutong_common::refusal::Refusal::ServerFull);
    scene.take(Input::Answer(Purpose::Relation, Err(failure)));
    scene.answer(Purpose::Profile, Done::Plain {});
    tour("toasts", &scene.state, ("Saved.", "已保存。"));
    let mut scene = Scene::begin();
    scene.take(Input::Ended(crate::input::Ending::HomeLocked));
    tour(
        "home-locked",
        &scene.state,
        ("already open", "胡同已经打开"),
    );
}

/// Names that try to break a row, in every size of text and in the smallest window: nothing panics, the row stays.
#[test]
fn hostile_names_and_large_texts_break_nothing() {
    let names = [
        "长".repeat(300),
        "a".repeat(300),
        "\u{202e}gnp.exe\u{200b}\u{200d}".to_owned(),
        "מורה שלום نعم".to_owned(),
        "👩‍👩‍👧‍👦".repeat(40),
        String::new(),
    ];
    let mut scene = lively();
    let friends = names.iter().enumerate().map(|(number, name)| {
        let mut friend = scene::friend(&format!("user{number}"));
        friend.name = name.clone();
        friend
    });
    let friends = friends.collect();
    scene.answer(Purpose::Friends, Done::Friends { friends });
    scene.want(Intent::Go(Go::Tab(Tab::Friends)));
    for percent in [80, 100, 150, 200] {
        for size in SIZES {
            scene.state.prefs.text_percent = percent;
            let name = format!("names-{percent}-{}", size.width);
            let said = paint(&name, scene.state.clone(), size);
            assert!(
                said.contains("מורה שלום نعم") && !said.contains('\u{202e}'),
                "{said}"
            );
        }
    }
}
