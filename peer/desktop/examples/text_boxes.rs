//! Every kind of text box in one window, for trying input methods: `cargo run -p hutong-desktop --example text_boxes`.
//!
//! Tells each change as a line of JSON on standard output, so that a test sees what a person sees. `Enter` in the large box sends
//! what is in it, and in the line it leads to the large box as an answer of the engine does; what is dropped or pasted as a file is
//! told, too. Pictures go to the folder that the first argument names.

use druid::widget::prelude::*;
use druid::widget::{Controller, Flex};
use druid::{AppLauncher, Data, Lens, Selector, WidgetExt, WindowDesc};
use hutong_common::text::Lang;
use hutong_desktop::model::compose::Spot;
use hutong_desktop::model::prefs::Prefs;
use hutong_desktop::selectors::{DROPPED, LEAD};
use hutong_desktop::widgets::text_box::{self, Length, Secret};
use hutong_desktop::widgets::wake::AT_ONCE;
use hutong_desktop::{platform, theme};
use std::io::Write;
use std::path::PathBuf;

#[derive(Clone, Data, Default, Lens)]
struct State {
    text: String,
    line: String,
    secret: Secret,
    answers: u64,
}

fn tell(what: &str, value: &str) {
    let line = serde_json::json!({"what": what, "value": value});
    // Nobody may listen any more.
    let _ = writeln!(std::io::stdout(), "{line}");
}

struct Teller;

impl<W: Widget<State>> Controller<State, W> for Teller {
    fn event(
        &mut self,
        child: &mut W,
        ctx: &mut EventCtx,
        event: &Event,
        data: &mut State,
        env: &Env,
    ) {
        if let Event::WindowConnected = event {
            platform::attach(ctx.window_id(), &ctx.get_external_handle());
            tell("window", "connected");
        }
        if let Event::Command(command) = event
            && let Some(paths) = command.get(DROPPED)
        {
            paths
                .iter()
                .for_each(|path| tell("dropped", &path.to_string_lossy()));
        }
        if let Event::Command(command) = event
            && let Some(text) = command.get(SEND)
        {
            tell("sent", text);
        }
        child.event(ctx, event, data, env);
    }

    fn update(&mut self, child: &mut W, ctx: &mut UpdateCtx, old: &State, new: &State, env: &Env) {
        for (what, before, now) in [
            ("text", old.text.as_str(), new.text.as_str()),
            ("line", &old.line, &new.line),
            ("secret", old.secret.expose(), new.secret.expose()),
        ] {
            if before != now {
                tell(what, now);
            }
        }
        child.update(ctx, old, new, env);
        if old.answers != new.answers {
            ctx.submit_command(LEAD.with(Spot::Composer));
            ctx.request_timer(AT_ONCE);
            tell("led", "");
        }
    }
}

const SEND: Selector<String> = Selector::new("text-boxes.send");

fn window() -> impl Widget<State> {
    let text = text_box::multiline(|_| "写点什么 (Enter sends)".to_owned())
        .on_enter(|ctx, text, _| ctx.submit_command(SEND.with(std::mem::take(text))))
        .at(Spot::Composer)
        .takes_pictures()
        .longest(Length::Chars(200))
        .fix_height(120.0)
        .expand_width()
        .lens(State::text);
    let line = text_box::line(|_| "一行".to_owned())
        .longest(Length::Chars(10))
        .on_enter(|ctx, _, _| {
            let sink = ctx.get_external_handle();
            sink.add_idle_callback(|state: &mut State| state.answers += 1);
        })
        .expand_width()
        .lens(State::line);
    let secret = text_box::password(|_| "密码".to_owned())
        .expand_width()
        .lens(State::secret);
    Flex::column()
        .with_child(text)
        .with_spacer(theme::GRID)
        .with_child(line)
        .with_spacer(theme::GRID)
        .with_child(secret)
        .padding(2.0 * theme::GRID)
        .controller(Teller)
}

fn main() -> Result<(), druid::PlatformError> {
    if let Some(folder) = std::env::args_os().nth(1) {
        platform::set_outbox(PathBuf::from(folder));
    }
    let window = WindowDesc::new(window())
        .title("Text boxes")
        .window_size((420.0, 320.0));
    AppLauncher::with_window(window)
        .configure_env(|env, _| theme::apply(env, &Prefs::new(Lang::Zh)))
        .launch(State::default())
}
