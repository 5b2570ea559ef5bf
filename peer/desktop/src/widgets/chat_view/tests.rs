//! The list as a person meets it, without a display: what clicks ask for, what stays in place, and pictures of it for people
//! to look at under `target/screens`.

mod acts;
mod screens;

use super::*;
use crate::model::chat::Row;
use crate::model::prefs::{Prefs, Shade};
use crate::selectors::ROW_ACT;
use crate::theme;
use druid::tests::harness::Harness;
use druid::widget::{Controller, EnvScope};
use druid::{Modifiers, MouseButton, MouseButtons, MouseEvent, Point, Vec2, WidgetExt};
use hutong_common::text::Lang;
use std::cell::RefCell;
use std::rc::Rc;

/// What the list asked for.
type Asked = Rc<RefCell<Vec<RowAct>>>;

struct Listener(Asked);

impl<W: Widget<Conversation>> Controller<Conversation, W> for Listener {
    fn event(
        &mut self,
        child: &mut W,
        ctx: &mut EventCtx<'_, '_>,
        event: &Event,
        talk: &mut Conversation,
        env: &Env,
    ) {
        if let Event::Command(command) = event
            && let Some(act) = command.get(ROW_ACT)
        {
            self.0.borrow_mut().push(act.clone());
        }
        if let Event::Command(command) = event
            && let Some(other) = command.get(OTHER_DATA)
        {
            *talk = other.clone();
        }
        child.event(ctx, event, talk, env);
    }
}

/// Puts another conversation in place of the shown one.
const OTHER_DATA: druid::Selector<Conversation> = druid::Selector::new("hutong.test.other-data");

fn list(prefs: &Prefs, asked: &Asked) -> impl Widget<Conversation> + use<> {
    let prefs = prefs.clone();
    let view = ChatView::new::<Conversation>().with_clock(sample::clock());
    let view = view.controller(Listener(asked.clone()));
    EnvScope::new(move |env, _| theme::apply(env, &prefs), view)
}

fn prefs(shade: Shade, lang: Lang) -> Prefs {
    Prefs {
        shade,
        ..Prefs::new(lang)
    }
}

fn mouse(at: Point, button: MouseButton) -> MouseEvent {
    let mut buttons = MouseButtons::new();
    if button != MouseButton::None {
        buttons.insert(button);
    }
    MouseEvent {
        pos: at,
        window_pos: at,
        buttons,
        mods: Modifiers::default(),
        count: 1,
        focus: false,
        button,
        wheel_delta: Vec2::ZERO,
    }
}

fn wheel(at: Point, by: f64) -> Event {
    Event::Wheel(MouseEvent {
        wheel_delta: Vec2::new(0.0, by),
        ..mouse(at, MouseButton::None)
    })
}

fn many(count: u64) -> Vec<Row> {
    let words = [
        "好的",
        "A longer answer that needs more than one line of the list, so that heights differ from what was estimated.",
        "嗯嗯，收到",
    ];
    let start = sample::NOW - count * 60_000;
    let row = |i: u64| {
        sample::text(
            i + 1_000,
            i % 3 == 1,
            start + i * 60_000,
            words[(i % 3) as usize],
        )
    };
    (0..count).map(row).collect()
}
