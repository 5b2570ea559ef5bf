//! The one constructor of every text box.
//!
//! Input methods, the ring of the focus, lengths, what `Enter` and `Esc` do and what becomes of a password are settled here, so
//! no other file may call druid's own constructor; the `tidy` test holds that. [`line()`], [`multiline`] and [`password`] make
//! one; callers shape it with the methods of [`TextField`].

mod admit;
mod secret;

pub use admit::Length;
pub use secret::Secret;

use crate::model::compose::{Insertion, Spot};
use crate::selectors::{INSERT, LEAD, TAKE_FOCUS};
use crate::widgets::wake::AT_ONCE;
use crate::{platform, theme};
use admit::Admission;
use druid::kurbo::Circle;
use druid::piet::TextLayout as _;
use druid::text::{EditableText, Selection, TextComponent, TextStorage};
use druid::widget::prelude::*;
use druid::widget::{EnvScope, TextBox};
use druid::{ClipboardFormat, Color, Command, KbKey, KeyEvent, Point, Rect, WidgetExt, commands};

/// What a person may type into.
pub trait Typed: EditableText + TextStorage {}

impl<T: EditableText + TextStorage> Typed for T {}

type Act<T> = Box<dyn Fn(&mut EventCtx, &mut T, &Env)>;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Line,
    Lines,
    Password,
}

/// A text box of the house.
pub struct TextField<T> {
    inner: TextBox<T>,
    kind: Kind,
    placeholder: Box<dyn Fn(&Env) -> String>,
    longest: Option<Length>,
    on_enter: Option<Act<T>>,
    on_escape: Option<Act<T>>,
    takes_pictures: bool,
    has_ring: bool,
    spot: Option<Spot>,
    is_first: bool,
}

/// One line; `placeholder` says what belongs into it, as in `line(|env| say!(env, ChatText::Search))`.
pub fn line<T: Typed>(placeholder: impl Fn(&Env) -> String + 'static) -> TextField<T> {
    TextField::of(Kind::Line, TextBox::new(), placeholder)
}

/// Several lines, wrapped.
pub fn multiline<T: Typed>(placeholder: impl Fn(&Env) -> String + 'static) -> TextField<T> {
    TextField::of(Kind::Lines, TextBox::multiline(), placeholder)
}

/// A line that shows dots, cannot be copied, and is no business of an input method.
pub fn password(placeholder: impl Fn(&Env) -> String + 'static) -> TextField<Secret> {
    // The text below the dots is as its ground.
    let inner = TextBox::new().with_text_color(druid::theme::BACKGROUND_LIGHT);
    TextField::of(Kind::Password, inner, placeholder)
}

impl<T: Typed> TextField<T> {
    fn of(kind: Kind, inner: TextBox<T>, placeholder: impl Fn(&Env) -> String + 'static) -> Self {
        let inner = inner.with_font(theme::BODY);
        // Without it every `Esc` is reported as an action that nobody wants; with it we take it and say nothing.
        inner.text().borrow_mut().send_notification_on_cancel = true;
        Self {
            inner,
            kind,
            placeholder: Box::new(placeholder),
            longest: None,
            on_enter: None,
            on_escape: None,
            takes_pictures: false,
            has_ring: true,
            spot: None,
            is_first: false,
        }
    }

    /// What `Enter` does; `Shift+Enter` begins a new line where there can be several. An `Enter` that chooses a word of an
    /// input method is none.
    pub fn on_enter(mut self, act: impl Fn(&mut EventCtx, &mut T, &Env) + 'static) -> Self {
        self.on_enter = Some(Box::new(act));
        self
    }

    /// What `Esc` does; without it, widgets around this one are asked.
    pub fn on_escape(mut self, act: impl Fn(&mut EventCtx, &mut T, &Env) + 'static) -> Self {
        self.on_escape = Some(Box::new(act));
        self
    }

    /// What is longer is not taken in.
    pub fn longest(mut self, length: Length) -> Self {
        self.longest = Some(length);
        self
    }

    /// Pictures and files that are pasted come as [`crate::selectors::DROPPED`] to this window.
    pub fn takes_pictures(mut self) -> Self {
        self.takes_pictures = true;
        self
    }

    /// Where one comes by [`LEAD`]; the composer takes what is inserted, too.
    pub fn at(mut self, spot: Spot) -> Self {
        self.spot = Some(spot);
        self
    }

    /// Takes the focus when it appears.
    pub fn first(mut self) -> Self {
        self.is_first = true;
        self
    }

    /// Draws neither border nor ground nor ring: for a box inside a frame that has them.
    pub fn bare(mut self) -> EnvScope<T, Self> {
        self.has_ring = false;
        self.env_scope(|env, _| {
            env.set(druid::theme::TEXTBOX_BORDER_WIDTH, 0.0);
            env.set(druid::theme::BACKGROUND_LIGHT, Color::TRANSPARENT);
            env.set(druid::theme::PRIMARY_LIGHT, Color::TRANSPARENT);
            env.set(druid::theme::BORDER_DARK, Color::TRANSPARENT);
        })
    }

    /// Whether an act of this box was meant, and has been done.
    fn acts(&self, ctx: &mut EventCtx, key: &KeyEvent, data: &mut T, env: &Env) -> bool {
        if self.inner.text().is_composing() {
            return false;
        }
        let act = match &key.key {
            KbKey::Enter if !key.mods.shift() => &self.on_enter,
            KbKey::Escape => &self.on_escape,
            _ => return false,
        };
        if let Some(act) = act {
            act(ctx, data, env);
        }
        act.is_some()
    }

    /// Takes back what may not stand here of what was just typed or pasted.
    fn admit(&mut self, ctx: &mut EventCtx, before: &T, data: &mut T) {
        if self.kind == Kind::Password {
            // One that was cut unseen would be another password.
            if self
                .longest
                .is_some_and(|longest| !longest.allows(data.as_str()))
            {
                *data = before.clone();
                ctx.request_update();
            }
            return;
        }
        let admission = Admission {
            has_lines: self.kind == Kind::Lines,
            longest: self.longest,
        };
        let Some(edit) = admission.correction(before.as_str(), data.as_str()) else {
            return;
        };
        data.edit(edit.range.clone(), edit.text.clone());
        if self.inner.text().can_write() {
            let caret = Selection::caret(edit.range.start + edit.text.len());
            let changed = self.inner.text().borrow_mut().set_selection(caret);
            if let Some(changed) = changed {
                ctx.invalidate_text_input(changed);
            }
        }
        ctx.request_update();
    }

    /// Puts a text in the place of what is selected, or of what stands before the caret; without that, nothing.
    fn insert(&mut self, ctx: &mut EventCtx, insertion: &Insertion, data: &mut T) {
        if !self.inner.text().can_write() {
            return;
        }
        let before = data.clone();
        let (gone, text) = (insertion.instead_of.as_ref(), insertion.text.as_ref());
        let caret = self.inner.text().borrow().selection().max();
        let head = before.as_str().get(..caret).unwrap_or_default();
        if !head.ends_with(gone) {
            return;
        }
        if !gone.is_empty() {
            let selection = Selection::new(caret - gone.len(), caret);
            let _changed = self.inner.text().borrow_mut().set_selection(selection);
        }
        let changed = self.inner.text().borrow_mut().insert_text(data, text);
        ctx.invalidate_text_input(changed);
        self.admit(ctx, &before, data);
        ctx.request_update();
    }

    /// What others want of this box.
    fn told(&mut self, ctx: &mut EventCtx, command: &Command, data: &mut T) {
        let is_meant = command
            .get(LEAD)
            .is_some_and(|spot| self.spot == Some(*spot));
        if is_meant || command.is(TAKE_FOCUS) {
            ctx.request_focus();
            ctx.set_handled();
        } else if let Some(insertion) = command
            .get(INSERT)
            .filter(|_| self.spot == Some(Spot::Composer))
        {
            self.insert(ctx, insertion, data);
            ctx.set_handled();
        }
    }

    /// Where the caret stands in the window, for the list of an input method.
    fn caret(&self) -> Option<Rect> {
        if !self.inner.text().can_read() {
            return None;
        }
        let session = self.inner.text().borrow();
        let line = session.cursor_line_for_text_position(session.selection().active);
        Some(Rect::from_points(line.p0, line.p1) + session.origin.to_vec2())
    }

    /// A dot for each character of a password; the text below cannot be seen.
    fn paint_dots(&self, ctx: &mut PaintCtx, data: &T, env: &Env) {
        if !self.inner.text().can_read() {
            return;
        }
        let session = self.inner.text().borrow();
        let Some(layout) = session.layout.layout() else {
            return;
        };
        let offset = session.origin - ctx.window_origin();
        let color = env.get(theme::TEXT);
        let clip = ctx.size().to_rect().inset(-theme::GRID / 2.0);
        ctx.with_save(|ctx| {
            ctx.clip(clip);
            let mut at = 0;
            while let Some(next) = data.next_grapheme_offset(at).filter(|next| *next > at) {
                let (left, right) = (
                    layout.hit_test_text_position(at),
                    layout.hit_test_text_position(next),
                );
                let middle = Point::new(
                    (left.point.x + right.point.x) / 2.0,
                    layout.size().height / 2.0,
                );
                ctx.fill(Circle::new(middle + offset, DOT_RADIUS), &color);
                at = next;
            }
        });
    }

    fn say_placeholder(&mut self, env: &Env) {
        self.inner.set_placeholder((self.placeholder)(env));
    }
}

/// What file managers offer.
const FILES: &str = "text/uri-list";
/// Text, as programs of other toolkits than GTK offer it.
const PLAIN_TEXT: &str = "text/plain;charset=utf-8";
/// Every program that offers a picture offers it in this way, too.
const PICTURE: &str = "image/png";
/// Radius of the dots of a password, in pixels.
const DOT_RADIUS: f64 = 3.0;

impl<T: Typed> TextField<T> {
    fn hear(&mut self, ctx: &mut EventCtx, event: &Event, data: &mut T, env: &Env) {
        match event {
            Event::WindowConnected => platform::attach(ctx.window_id(), &ctx.get_external_handle()),
            Event::KeyDown(key) if self.acts(ctx, key, data, env) => {
                ctx.set_handled();
                return;
            }
            Event::Notification(note) if note.is(TextComponent::CANCEL) => {
                ctx.set_handled();
                return;
            }
            Event::Command(command)
                if self.kind == Kind::Password
                    && (command.is(commands::COPY) || command.is(commands::CUT)) =>
            {
                ctx.set_handled();
                return;
            }
            Event::Command(command)
                if command.is(LEAD) || command.is(TAKE_FOCUS) || command.is(INSERT) =>
            {
                self.told(ctx, command, data);
                return;
            }
            Event::Paste(clipboard) if self.takes_pictures && ctx.has_focus() => {
                // A file manager offers the path as text, too; a word processor a picture of its text.
                let wanted = clipboard.preferred_format(&[
                    FILES,
                    ClipboardFormat::TEXT,
                    PLAIN_TEXT,
                    PICTURE,
                ]);
                if wanted.is_some_and(|format| format == FILES || format == PICTURE) {
                    platform::paste_files(ctx.window_id(), &ctx.get_external_handle());
                    ctx.set_handled();
                    return;
                }
            }
            _ => (),
        }
        if matches!(event, Event::ImeStateChange | Event::Paste(_)) {
            let before = data.clone();
            self.inner.event(ctx, event, data, env);
            if !before.same(data) {
                self.admit(ctx, &before, data);
            }
        } else {
            self.inner.event(ctx, event, data, env);
        }
    }
}

impl<T: Typed> Widget<T> for TextField<T> {
    fn event(&mut self, ctx: &mut EventCtx, event: &Event, data: &mut T, env: &Env) {
        if let Event::Paste(_) = event {
            platform::keeping_keys(ctx.window_id(), || self.hear(ctx, event, data, env));
        } else {
            self.hear(ctx, event, data, env);
        }
    }

    fn lifecycle(&mut self, ctx: &mut LifeCycleCtx, event: &LifeCycle, data: &T, env: &Env) {
        if let LifeCycle::FocusChanged(_) = event {
            ctx.request_timer(AT_ONCE);
        }
        match event {
            LifeCycle::WidgetAdded => {
                self.say_placeholder(env);
                if self.is_first {
                    ctx.submit_command(TAKE_FOCUS.to(ctx.widget_id()));
                }
            }
            LifeCycle::FocusChanged(true) if self.kind != Kind::Password => {
                platform::begin_typing(ctx.window_id(), ctx.widget_id());
            }
            LifeCycle::FocusChanged(false) => {
                platform::end_typing(ctx.window_id(), ctx.widget_id())
            }
            _ => (),
        }
        self.inner.lifecycle(ctx, event, data, env);
    }

    fn update(&mut self, ctx: &mut UpdateCtx, old_data: &T, data: &T, env: &Env) {
        if ctx.env_key_changed(&theme::IS_CHINESE) {
            self.say_placeholder(env);
            ctx.request_layout();
        }
        self.inner.update(ctx, old_data, data, env);
    }

    fn layout(&mut self, ctx: &mut LayoutCtx, bc: &BoxConstraints, data: &T, env: &Env) -> Size {
        self.inner.layout(ctx, bc, data, env)
    }

    fn paint(&mut self, ctx: &mut PaintCtx, data: &T, env: &Env) {
        self.inner.paint(ctx, data, env);
        if self.kind == Kind::Password {
            self.paint_dots(ctx, data, env);
        }
        if !ctx.is_focused() {
            return;
        }
        if self.has_ring {
            let ring = ctx.size().to_rect().inset(-1.0);
            let ring = ring.to_rounded_rect(env.get(druid::theme::TEXTBOX_BORDER_RADIUS));
            ctx.stroke(ring, &env.get(theme::ACCENT), 2.0);
        }
        if let Some(caret) = self.caret().filter(|_| self.kind != Kind::Password) {
            let scale = ctx.scale();
            platform::show_caret(ctx.window_id(), caret.scale_from_origin(scale.x()));
        }
    }

    fn debug_state(&self, data: &T) -> druid::debug_state::DebugState {
        self.inner.debug_state(data)
    }
}

#[cfg(test)]
mod tests;
