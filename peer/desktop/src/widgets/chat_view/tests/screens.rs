//! Paints the list in both shades and languages, at one pixel and two per point, for people to look at.

use super::*;
use crate::model::chat::{Body, FileCard};
use hutong_engine::api::Path;
use hutong_engine::api::event::{DeliveryState, FileState};
use std::path::PathBuf;
use std::sync::Arc;

/// Paints its child larger, as a fine screen does.
struct Magnified<W>(W, f64);

impl<W: Widget<Conversation>> Widget<Conversation> for Magnified<W> {
    fn event(
        &mut self,
        ctx: &mut EventCtx<'_, '_>,
        event: &Event,
        talk: &mut Conversation,
        env: &Env,
    ) {
        self.0.event(ctx, event, talk, env);
    }

    fn lifecycle(
        &mut self,
        ctx: &mut LifeCycleCtx<'_, '_>,
        event: &LifeCycle,
        talk: &Conversation,
        env: &Env,
    ) {
        self.0.lifecycle(ctx, event, talk, env);
    }

    fn update(
        &mut self,
        ctx: &mut UpdateCtx<'_, '_>,
        old: &Conversation,
        new: &Conversation,
        env: &Env,
    ) {
        self.0.update(ctx, old, new, env);
    }

    fn layout(
        &mut self,
        ctx: &mut LayoutCtx<'_, '_>,
        bc: &BoxConstraints,
        talk: &Conversation,
        env: &Env,
    ) -> Size {
        let size = bc.max() / self.1;
        self.0.layout(ctx, &BoxConstraints::tight(size), talk, env);
        bc.max()
    }

    fn paint(&mut self, ctx: &mut PaintCtx<'_, '_, '_>, talk: &Conversation, env: &Env) {
        ctx.transform(Affine::scale(self.1));
        self.0.paint(ctx, talk, env);
    }
}

/// Where pictures for people go.
fn folder() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target")),
        PathBuf::from,
    );
    let folder = target.join("screens");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn picture(name: &str, (width, height): (u32, u32)) -> Arc<PathBuf> {
    let path = std::env::temp_dir().join(format!("hutong-{}-{name}", std::process::id()));
    let image = image::RgbImage::from_fn(width, height, |x, y| {
        let (x, y) = (x * 255 / width, y * 255 / height);
        let hill = y > 150 + (x as f64 / 28.0).sin().mul_add(24.0, 0.0) as u32;
        if hill {
            image::Rgb([60, 110 + (x / 6) as u8, 90])
        } else {
            image::Rgb([240, 180 + (y / 4) as u8, 120 + (y / 3) as u8])
        }
    });
    image.save(&path).unwrap();
    Arc::new(path)
}

fn at(minute: u64) -> u64 {
    sample::NOW - 90 * 60_000 + minute * 60_000
}

fn sent(row: Row, state: DeliveryState, path: Path) -> Row {
    let state = Some(state);
    Row { state, path, ..row }
}

fn file(name: &str, state: FileState) -> FileCard {
    let state = Some(state);
    FileCard {
        state,
        ..sample::file(name)
    }
}

fn words() -> Vec<Row> {
    let yesterday = sample::TODAY - 9 * 3_600_000;
    let links = "资料在这里：https://example.org/hutong/课程 还有 https://intranet.example.org:8443/files?id=42#part-2";
    let long = "好的 👍 我看了，整体没问题。The heartbeat interval could be 5 s instead of 1 s, 这样可以减少局域网里的广播流量。";
    let (question, later) = (
        "小组作业的分工我发到群里了，你看看有没有问题？",
        "明天上午讨论？",
    );
    let own = |number, ms, words| {
        let row = sample::text(number, true, ms, words);
        sent(row, DeliveryState::Shown, Path::Direct)
    };
    let both_ways = "שלום! מה שלומך? This line mixes both.\nمرحبا بالعالم\nand from the left";
    vec![
        sample::text(1, false, yesterday, question),
        sample::text(2, false, yesterday + 1_000, links),
        own(3, yesterday + 60_000, long),
        own(4, yesterday + 90_000, later),
        sample::text(5, false, at(0), "👍🎉"),
        sample::text(6, false, at(1), both_ways),
        sample::unknown(7, at(2)),
    ]
}

fn pictures() -> Vec<Row> {
    let photo = FileCard {
        lies_at: Some(picture("a.png", (1_200, 700))),
        ..file("合影.png", FileState::Verified)
    };
    let sending = FileCard {
        lies_at: Some(picture("b.png", (300, 420))),
        done: 1_500_000,
        rate: Some(900_000),
        ..file("海报.png", FileState::Running)
    };
    let sending = sample::with_file(9, true, at(4), sending);
    vec![
        sample::with_file(8, false, at(3), photo),
        sent(sending, DeliveryState::Delivered, Path::Direct),
    ]
}

fn files() -> Vec<Row> {
    let long = format!("{}.tar.gz", "很长的文件名-a-very-long-name-".repeat(12));
    let lies_at = |name: &str| Some(Arc::new(PathBuf::from(name)));
    let files = [
        file("实验报告-final.docx", FileState::Offered),
        FileCard {
            done: 2_100_000,
            rate: Some(2_250_000),
            ..file(&long, FileState::Running)
        },
        FileCard {
            executable: true,
            lies_at: lies_at("setup.exe"),
            ..file("setup.exe", FileState::Verified)
        },
        FileCard {
            code: Some("file_damaged".into()),
            ..file("数据.zip", FileState::Failed)
        },
        FileCard {
            lies_at: lies_at("表格.xlsx"),
            ..file("表格.xlsx", FileState::Verified)
        },
    ];
    let rows = (10..).zip(files);
    let mut rows: Vec<Row> = rows
        .map(|(number, file)| sample::with_file(number, false, at(10 + number), file))
        .collect();
    let paused = FileCard {
        done: 900_000,
        paused_there: true,
        ..file("lecture-07.pdf", FileState::Paused)
    };
    let paused = sample::with_file(15, true, at(40), paused);
    rows.push(sent(paused, DeliveryState::Delivered, Path::Direct));
    rows
}

fn marks() -> Vec<Row> {
    let marks = [
        DeliveryState::Shown,
        DeliveryState::Delivered,
        DeliveryState::LeftAtServer,
        DeliveryState::InFlight,
        DeliveryState::Queued,
    ];
    let own = |(number, mark)| {
        let row = sample::text(number, true, at(40 + number), "OK, got it — 收到！");
        sent(row, mark, Path::Mail)
    };
    let mut rows: Vec<Row> = (20..).zip(marks).map(own).collect();
    let refused = Row {
        code: Some("not_contacts".into()),
        ..sample::text(30, true, at(66), "还在吗？")
    };
    rows.push(sent(refused, DeliveryState::Failed, Path::None));
    let link = "0\u{200b}\u{feff}宽字符 and https://example.org/a/very/long/link/that/does/not/fit/on/one/line/at/all/and/goes/on/and/on";
    for (number, mine) in [(33, false), (34, true)] {
        let announced = Row {
            is_announcement: true,
            ..sample::text(number, mine, at(70 + number), "明天上午停课，请互相转告")
        };
        rows.push(announced);
    }
    rows.push(sample::text(31, false, at(120), link));
    rows.push(sample::text(32, false, at(121), "👩‍👩‍👧 ❤️ 🇨🇳 family, flag"));
    rows
}

fn rows() -> Vec<Row> {
    [words(), pictures(), files(), marks()].concat()
}

fn shot(
    name: &str,
    prefs: &Prefs,
    talk: Conversation,
    (size, zoom): (Size, f64),
    act: impl Fn(&mut Harness<'_, Conversation>),
) {
    let asked = Asked::default();
    let widget = Magnified(list(prefs, &asked), zoom);
    let path = folder().join(format!("{name}.png"));
    let pixels = size * zoom;
    Harness::create_with_render(
        talk,
        widget,
        pixels,
        |harness| {
            harness.send_initial_events();
            harness.just_layout();
            crate::pictures::with(|pictures| pictures.settle());
            act(harness);
            harness.just_layout();
            harness.paint();
        },
        |target| {
            let (width, height) = (pixels.width as u32, pixels.height as u32);
            let bytes = target.into_raw();
            image::save_buffer(&path, &bytes, width, height, image::ColorType::Rgba8).unwrap();
        },
    );
}

fn whole(rows: Vec<Row>) -> Conversation {
    Conversation {
        read_to: Some(sample::id(30)),
        ..sample::talk(rows)
    }
}

#[test]
fn every_kind_of_row_is_painted_in_both_shades_and_languages() {
    let tall = Size::new(680.0, 2_640.0);
    for (shade, shade_name) in [(Shade::Light, "light"), (Shade::Dark, "dark")] {
        for lang in [Lang::Zh, Lang::En] {
            let name = format!("chat-rows-{}-{shade_name}", lang.name());
            shot(
                &name,
                &prefs(shade, lang),
                whole(rows()),
                (tall, 1.0),
                |_| {},
            );
        }
    }
    let fine = Prefs {
        text_percent: 100,
        ..prefs(Shade::Light, Lang::Zh)
    };
    shot(
        "chat-rows-zh-light-2x",
        &fine,
        whole(rows()),
        (Size::new(680.0, 900.0), 2.0),
        |_| {},
    );
    let large = Prefs {
        text_percent: 200,
        ..prefs(Shade::Light, Lang::En)
    };
    shot(
        "chat-rows-en-light-large",
        &large,
        whole(rows()),
        (Size::new(680.0, 1_800.0), 1.0),
        |_| {},
    );
    let narrow = prefs(Shade::Dark, Lang::En);
    shot(
        "chat-rows-en-dark-narrow",
        &narrow,
        whole(rows()),
        (Size::new(360.0, 1_600.0), 1.0),
        |_| {},
    );
}

const SMALL: (Size, f64) = (Size::new(620.0, 420.0), 1.0);

#[test]
fn pages_without_messages_and_those_that_load_are_painted() {
    let (zh, en) = (prefs(Shade::Light, Lang::Zh), prefs(Shade::Dark, Lang::En));
    let empty = || sample::talk(Vec::new());
    shot("chat-empty-zh", &zh, empty(), SMALL, |_| {});
    shot("chat-empty-en", &en, empty(), SMALL, |_| {});
    let loading = Conversation {
        loading: true,
        more: true,
        ..sample::talk(many(30))
    };
    shot("chat-loading-zh", &zh, loading, SMALL, |harness| {
        harness.event(wheel(Point::new(300.0, 200.0), -9_999.0));
    });
}

#[test]
fn news_below_are_told_on_a_button() {
    let (zh, en) = (prefs(Shade::Light, Lang::Zh), prefs(Shade::Dark, Lang::En));
    let mut later = many(40);
    later.extend((0..3).map(|i| sample::text(9_000 + i, false, sample::NOW + i, "新消息")));
    let later = sample::talk(later);
    let bar = mouse(Point::new(612.0, 360.0), MouseButton::None);
    for (name, prefs) in [("chat-news-zh", &zh), ("chat-news-en", &en)] {
        let before = sample::talk(many(40));
        shot(name, prefs, before, SMALL, |harness| {
            harness.event(wheel(Point::new(300.0, 200.0), -600.0));
            harness.submit_command(OTHER_DATA.with(later.clone()));
            harness.just_layout();
            harness.paint();
            harness.event(Event::MouseMove(bar.clone()));
        });
    }
}

#[test]
fn the_way_of_a_message_is_told_while_the_mouse_is_over_its_mark() {
    let mut rows = many(12);
    if let Some(row) = rows.last_mut() {
        *row = Row {
            mine: true,
            state: Some(DeliveryState::Delivered),
            body: Body::Text("路上了".into()),
            ..row.clone()
        };
    }
    let zh = prefs(Shade::Light, Lang::Zh);
    let mark = mouse(Point::new(440.0, 388.0), MouseButton::None);
    shot("chat-tip-zh", &zh, sample::talk(rows), SMALL, |harness| {
        harness.event(Event::MouseMove(mark.clone()));
    });
}
