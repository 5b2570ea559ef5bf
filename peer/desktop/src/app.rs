//! Makes the window and runs it.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "druid has more events and keys than a widget cares for"
)]

use crate::bridge::Outlet;
use crate::frames::{Shown, Timed};
use crate::input::intent::{Go, OwnIntent, PrefsIntent, TalkIntent};
use crate::input::{Input, Intent};
use crate::model::compose::{Insertion, Spot};
use crate::model::prefs::{Frame, Prefs};
use crate::model::{AppState, Stage};
use crate::selectors::{
    DRAGGED_OVER, DROPPED, INSERT, INTENT, KEYS_ARE_FREE, LEAD, OPEN_PICTURE, ROW_ACT,
};
use crate::widgets::wake::AT_ONCE;
use crate::{moment, platform, screens, theme};
use clap::CommandFactory;
use druid::widget::Controller;
use druid::widget::prelude::*;
use druid::{AppLauncher, Point, Size, WidgetExt, WindowDesc, commands};
use hutong_common::text::desktop::home::HomeText;
use hutong_engine::engine::EngineConfig;
use jiff::tz::TimeZone;

/// The window when nobody has sized it, in pixels.
const SIZE: Size = Size::new(1000.0, 680.0);
/// Smaller it cannot be made.
const LEAST: Size = Size::new(720.0, 520.0);

/// Opens the window and returns when it is closed.
///
/// # Errors
/// When the system gives no window.
pub fn run(config: EngineConfig, prefs: Prefs) -> Result<(), druid::PlatformError> {
    let frame = prefs.frame;
    let mut window = WindowDesc::new(root())
        .title(|state: &AppState, _: &Env| title(state))
        .window_size(frame.map_or(SIZE, |frame| Size::new(frame.width, frame.height)))
        .with_min_size(LEAST);
    if let Some(frame) = frame {
        window = window.set_position(Point::new(frame.x, frame.y));
    }
    let outlet = Outlet::new(config, prefs.lang);
    let state = AppState::new(prefs, (outlet, TimeZone::system()), moment::now_ms());
    AppLauncher::with_window(window)
        .configure_env(|_, _| platform::accept_arguments(&crate::args::Args::command()))
        .launch(state)
}

fn title(state: &AppState) -> String {
    let lang = state.prefs.lang;
    match state.calling() {
        0 => HomeText::Hutong.say(lang),
        count => HomeText::Unread { count: &count }.say(lang),
    }
}

/// Everything that a window shows, with what turns wishes into changes.
pub fn root() -> impl Widget<AppState> {
    let all = screens::root()
        .background(theme::SURFACE)
        .env_scope(|env, state: &AppState| {
            theme::apply(env, &state.prefs);
            theme::fit(env, state.width);
        })
        .controller(Root::default());
    Timed::new(all, |state: &AppState| Shown {
        chats: state.list.len(),
        messages: state.open.as_ref().map_or(0, |open| open.rows.len()),
    })
}

/// Reduces what the person wants, and begins and ends with the window. It has the keys while no widget has them, as when the
/// focused one has gone: otherwise `Esc` and `Tab` would be lost.
#[derive(Default)]
struct Root {
    asks_for_keys: bool,
}

impl Root {
    fn frame(ctx: &EventCtx) -> Frame {
        let window = ctx.window();
        let (position, size) = (window.get_position(), window.get_size());
        Frame {
            x: position.x,
            y: position.y,
            width: size.width,
            height: size.height,
        }
    }
}

/// What a command of ours or of druid's panels asks for.
fn intent(command: &druid::Command) -> Option<Intent> {
    let send = |paths| Intent::Talk(TalkIntent::SendFiles(paths));
    if let Some(intent) = command.get(INTENT) {
        Some(intent.clone())
    } else if let Some(act) = command.get(ROW_ACT) {
        Some(Intent::Talk(TalkIntent::Row(act.clone())))
    } else if let Some(paths) = command.get(DROPPED) {
        Some(Intent::Talk(TalkIntent::Offer {
            paths: paths.clone(),
            is_picture: platform::is_pasted(paths),
        }))
    } else if let Some(over) = command.get(DRAGGED_OVER) {
        Some(Intent::Talk(TalkIntent::DraggedOver(*over)))
    } else if let Some(file) = command.get(OPEN_PICTURE) {
        Some(Intent::Own(OwnIntent::Picture(Some(
            file.path().to_owned(),
        ))))
    } else if let Some(files) = command.get(commands::OPEN_FILES) {
        Some(send(
            files.iter().map(|file| file.path().to_owned()).collect(),
        ))
    } else {
        command
            .get(commands::OPEN_FILE)
            .map(|file| send([file.path().to_owned()].into_iter().collect()))
    }
}

/// Whether these keys lead to the search box.
fn seeks(key: &druid::KeyEvent) -> bool {
    let is_letter =
        matches!(&key.key, druid::KbKey::Character(letter) if letter == "k" || letter == "f");
    is_letter && key.mods.ctrl() && !key.mods.alt() && !key.mods.shift()
}

/// What keys mean that nobody took.
fn unheard(ctx: &mut EventCtx, event: &Event, state: &mut AppState) {
    match event {
        Event::KeyDown(key) if key.key == druid::KbKey::Escape && !ctx.is_handled() => {
            state.take([Input::Intent(Intent::Go(Go::Back))]);
            ctx.set_handled();
        }
        Event::KeyDown(key) if key.key == druid::KbKey::Tab && !ctx.is_handled() => {
            if key.mods.shift() {
                ctx.focus_prev();
            } else {
                ctx.focus_next();
            }
            ctx.set_handled();
        }
        _ => (),
    }
}

impl<W: Widget<AppState>> Controller<AppState, W> for Root {
    fn event(
        &mut self,
        child: &mut W,
        ctx: &mut EventCtx,
        event: &Event,
        state: &mut AppState,
        env: &Env,
    ) {
        let aimed = state.aim;
        match event {
            Event::WindowConnected => {
                let sink = ctx.get_external_handle();
                platform::attach(ctx.window_id(), &sink);
                platform::follow_focus(ctx.window_id(), &sink);
                state.outlet.start(sink);
            }
            Event::WindowSize(size) => state.width = size.width,
            Event::WindowCloseRequested if state.stage != Stage::Over => {
                ctx.set_handled();
                let frame = PrefsIntent::Frame(Self::frame(ctx));
                state.take([
                    Input::Intent(Intent::Prefs(frame)),
                    Input::Intent(Intent::Quit),
                ]);
            }
            Event::Command(command) if command.is(KEYS_ARE_FREE) => {
                self.asks_for_keys = false;
                if !ctx.has_focus() {
                    ctx.request_focus();
                }
                ctx.set_handled();
            }
            Event::Command(command) => {
                if let Some(intent) = intent(command) {
                    ctx.set_handled();
                    if let Intent::Talk(TalkIntent::Insert { emoji, .. }) = &intent {
                        ctx.submit_command(INSERT.with(Insertion::of(emoji)));
                    }
                    state.take([Input::Intent(intent)]);
                }
            }
            Event::KeyDown(key) if screens::presents(key) && state.stage == Stage::In => {
                ctx.set_handled();
                let other = PrefsIntent::Present(!state.prefs.is_presenting);
                state.take([Input::Intent(Intent::Prefs(other))]);
            }
            Event::KeyDown(key)
                if seeks(key) && state.stage == Stage::In && state.dialog.is_none() =>
            {
                ctx.set_handled();
                state.take([Input::Intent(Intent::Go(Go::Spot(Spot::Search)))]);
            }
            _ => (),
        }
        if !ctx.is_handled() {
            child.event(ctx, event, state, env);
        }
        unheard(ctx, event, state);
        if !aimed.same(&state.aim) {
            // What is there already gets the keys before the next one is typed.
            ctx.submit_command(LEAD.with(state.aim.spot));
        }
    }

    fn lifecycle(
        &mut self,
        child: &mut W,
        ctx: &mut LifeCycleCtx,
        event: &LifeCycle,
        state: &AppState,
        env: &Env,
    ) {
        child.lifecycle(ctx, event, state, env);
        if !ctx.has_focus() && !self.asks_for_keys {
            self.asks_for_keys = true;
            ctx.submit_command(KEYS_ARE_FREE.to(ctx.widget_id()));
            ctx.request_timer(AT_ONCE);
        }
    }

    fn update(
        &mut self,
        child: &mut W,
        ctx: &mut UpdateCtx,
        old: &AppState,
        state: &AppState,
        env: &Env,
    ) {
        if state.stage == Stage::Over && old.stage != Stage::Over {
            // Not a command: nobody would wake the window for it, and it would stay until the mouse moves.
            ctx.window().close();
        }
        if old.fronts < state.fronts {
            ctx.window().bring_to_front_and_focus();
        }
        child.update(ctx, old, state, env);
        if !old.aim.same(&state.aim) {
            // What it leads to may have to be made first.
            ctx.submit_command(LEAD.with(state.aim.spot));
            ctx.request_timer(AT_ONCE);
        }
    }
}
