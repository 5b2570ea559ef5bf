//! Measures the list of messages with a hundred thousand rows, without a display: how long until it is painted first, how
//! long a step of the wheel takes, and how much memory the program has. `cargo run --release --example long_list`; with
//! `-- window` it opens a window with them instead, and tells its frames.
#![expect(clippy::print_stdout, reason = "its figures are what it is for")]
#![expect(clippy::disallowed_methods, reason = "it measures time")]

use druid::tests::harness::Harness;
use druid::widget::EnvScope;
use druid::{
    AppLauncher, Event, Modifiers, MouseButton, MouseButtons, MouseEvent, Point, Size, Vec2,
    Widget, WindowDesc,
};
use hutong_common::id::MsgId;
use hutong_common::text::Lang;
use hutong_desktop::frames::{self, Shown, Timed};
use hutong_desktop::model::chat::{Body, Conversation, Row};
use hutong_desktop::model::people::{Face, Rank};
use hutong_desktop::model::prefs::Prefs;
use hutong_desktop::theme;
use hutong_desktop::widgets::chat_view::ChatView;
use hutong_engine::api::Path;
use hutong_engine::api::event::DeliveryState;
use std::time::{Duration, Instant};

const ROWS: u64 = 100_000;
const STEPS: usize = 400;
const SIZE: Size = Size::new(900.0, 900.0);
const WORDS: [&str; 6] = [
    "你好，今天的作业写完了吗？",
    "Hello! The lecture slides are in the shared folder, please look at them before Friday 😀",
    "我们小组讨论一下：协议设计、发现和文件传输，大家有什么想法？欢迎随时提出来，我会整理成文档发到群文件里。",
    "好的 👍🎉",
    "OK, see https://example.org/notes?week=7",
    "混合排版 mixed CJK and English 文本 wrapping — 标点，。！？「」以及 emoji 😂🐼🚀 一起换行。",
];

fn row(number: u64) -> Row {
    let mine = number % 3 == 1;
    let mut id = [0; 16];
    id[8..].copy_from_slice(&number.to_be_bytes());
    let words = WORDS[(number % 6) as usize];
    Row {
        id: MsgId(id),
        hlc: format!("{number:016x}").into(),
        mine,
        from: if mine { "lin" } else { "xiaobo" }.into(),
        sent_ms: 1_700_000_000_000 + number * 97_000,
        body: Body::Text(format!("#{number} {words}").into()),
        state: mine.then_some(DeliveryState::Shown),
        path: Path::Direct,
        code: None,
        names_me: false,
        is_announcement: false,
        heard: None,
    }
}

fn face(login: &str) -> Face {
    Face {
        login: login.into(),
        name: login.into(),
        picture: None,
        rank: Rank::Member,
    }
}

fn memory(when: &str) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let lines = status
        .lines()
        .filter(|line| line.starts_with("VmRSS") || line.starts_with("VmHWM"));
    let lines: Vec<String> = lines
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    println!("memory {when}: {}", lines.join(", "));
}

fn wheel(by: f64) -> Event {
    let at = Point::new(400.0, 400.0);
    let (buttons, mods) = (MouseButtons::new(), Modifiers::default());
    let wheel_delta = Vec2::new(0.0, by);
    Event::Wheel(MouseEvent {
        pos: at,
        window_pos: at,
        buttons,
        mods,
        count: 0,
        focus: false,
        button: MouseButton::None,
        wheel_delta,
    })
}

fn report(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |share: usize| {
        times
            .get((times.len() * share / 100).min(times.len() - 1))
            .map_or(0.0, |time| time.as_secs_f64() * 1e3)
    };
    println!(
        "{what}: median {:.2} ms, 99 % {:.2} ms, longest {:.2} ms",
        at(50),
        at(99),
        at(100)
    );
}

fn scroll(harness: &mut Harness<'_, Conversation>, by: f64) -> Duration {
    let start = Instant::now();
    harness.event(wheel(by));
    harness.paint();
    start.elapsed()
}

fn talk() -> Conversation {
    Conversation {
        with: "xiaobo".into(),
        rows: (0..ROWS).map(row).collect(),
        more: false,
        loading: false,
        read_to: None,
        sought: None,
        own_face: face("lin"),
        face: face("xiaobo"),
        faces: None,
    }
}

fn list() -> impl Widget<Conversation> {
    let prefs = Prefs::new(Lang::Zh);
    let list = ChatView::new::<Conversation>();
    EnvScope::new(move |env, _| theme::apply(env, &prefs), list)
}

fn main() {
    let start = Instant::now();
    let talk = talk();
    println!(
        "{ROWS} rows made in {:.0} ms",
        start.elapsed().as_secs_f64() * 1e3
    );
    memory("with the rows");
    if std::env::args().nth(1).as_deref() == Some("window") {
        frames::tell();
        let timed = Timed::new(list(), |talk: &Conversation| Shown {
            chats: 0,
            messages: talk.rows.len(),
        });
        let window = WindowDesc::new(timed).window_size(SIZE);
        if let Err(error) = AppLauncher::with_window(window).launch(talk) {
            println!("no window: {error}");
        }
        return;
    }
    let list = list();
    let start = Instant::now();
    let measure = |harness: &mut Harness<'_, Conversation>| {
        harness.send_initial_events();
        harness.just_layout();
        harness.paint();
        println!(
            "first paint after {:.0} ms",
            start.elapsed().as_secs_f64() * 1e3
        );
        memory("after the first paint");
        report(
            "a step up",
            (0..STEPS).map(|_| scroll(harness, -120.0)).collect(),
        );
        report(
            "a step down",
            (0..STEPS).map(|_| scroll(harness, 120.0)).collect(),
        );
        report(
            "a page up",
            (0..STEPS).map(|_| scroll(harness, -800.0)).collect(),
        );
        report(
            "a far jump",
            (0..20)
                .map(|i| scroll(harness, if i % 2 == 0 { -1e9 } else { 1e9 }))
                .collect(),
        );
        memory("at the end");
    };
    Harness::create_with_render(talk, list, SIZE, measure, |_| {});
}
