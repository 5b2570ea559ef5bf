//! Input methods: Chinese is typed as letters, and chosen from a list that the input method shows.
//!
//! druid's GTK backend asks none. So each window has a context of GTK that sees its keys first, before druid's area does, while a
//! text box has the focus. What the person chose comes back as a commit and is handed to druid as key presses, one a character:
//! in the same queue as real ones, so the order is kept.
//!
//! Keys overtake what waits for an idle moment. So before each of them what was begun is brought to its end: where the keys are
//! led, which box druid's shell gives them to, and which box this context is about.

use druid::{Rect, WidgetId};
use gtk::gdk;
use gtk::glib::WeakRef;
use gtk::glib::translate::ToGlibPtr;
use gtk::prelude::*;
use hutong_common::limits::KEPT_KEYS_MAX;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Of one window; clones are the same.
#[derive(Clone)]
pub(super) struct InputMethod {
    context: gtk::IMMulticontext,
    /// The text box that has the focus.
    typing: Rc<Cell<Option<WidgetId>>>,
    /// Whether the context has not heard of it yet.
    is_behind: Rc<Cell<bool>>,
    strokes: Strokes,
    /// Keys that came while the toolkit waited for another program.
    kept: Rc<RefCell<Option<Vec<gdk::Event>>>>,
    caret: Rc<Cell<Option<(i32, i32, i32)>>>,
}

impl InputMethod {
    pub(super) fn new(window: &gtk::Window, area: &gtk::Widget) -> Self {
        let context = gtk::IMMulticontext::new();
        // The input method shows what is being composed itself.
        context.set_use_preedit(false);
        let method = Self {
            context,
            typing: Rc::default(),
            is_behind: Rc::default(),
            strokes: Strokes::of(area),
            kept: Rc::default(),
            caret: Rc::default(),
        };
        method.follow_area(area);
        method.see_keys(window);
        method.replay_commits();
        method
    }

    fn follow_area(&self, area: &gtk::Widget) {
        let set = |context: &gtk::IMMulticontext, area: &gtk::Widget| {
            context.set_client_window(area.window().as_ref())
        };
        set(&self.context, area);
        let context = self.context.clone();
        area.connect_realize(move |area| set(&context, area));
        let context = self.context.clone();
        area.connect_unrealize(move |_| context.set_client_window(None));
    }

    /// Handlers of the window come before those of what is in it.
    fn see_keys(&self, window: &gtk::Window) {
        let method = self.clone();
        window.connect_key_press_event(move |_, key| {
            if method.keeps(key) {
                return Inhibit(true);
            }
            method.strokes.settle();
            method.catch_up();
            Inhibit(method.takes(key))
        });
        let method = self.clone();
        window.connect_key_release_event(move |_, key| {
            Inhibit(method.keeps(key) || method.takes(key))
        });
        let method = self.clone();
        window.connect_focus_in_event(move |_, _| {
            if method.typing.get().is_some() {
                method.context.focus_in();
            }
            Inhibit(false)
        });
        let method = self.clone();
        window.connect_focus_out_event(move |_, _| {
            method.context.focus_out();
            Inhibit(false)
        });
    }

    fn takes(&self, key: &gdk::EventKey) -> bool {
        self.typing.get().is_some() && self.context.filter_keypress(key)
    }

    pub(super) fn keep_keys(&self) {
        self.kept.borrow_mut().get_or_insert_default();
    }

    /// Once druid is ready for them.
    pub(super) fn give_keys(&self) {
        let kept = Rc::clone(&self.kept);
        super::soon(move || {
            let keys = kept.take();
            for mut key in keys.into_iter().flatten() {
                gtk::main_do_event(&mut key);
            }
        });
    }

    fn keeps(&self, key: &gdk::EventKey) -> bool {
        let mut kept = self.kept.borrow_mut();
        let Some(kept) = kept.as_mut() else {
            return false;
        };
        if kept.len() < KEPT_KEYS_MAX {
            kept.push(gdk::Event::clone(key));
        }
        true
    }

    fn replay_commits(&self) {
        let (strokes, typing) = (self.strokes.clone(), self.typing.clone());
        self.context.connect_commit(move |_, text| {
            if typing.get().is_none() {
                return;
            }
            strokes.settle();
            for letter in text.chars().filter(|letter| !letter.is_control()) {
                strokes.replay(letter);
            }
        });
    }

    pub(super) fn begin(&self, text_box: WidgetId) {
        self.typing.set(Some(text_box));
        self.caret.set(None);
        self.fall_behind();
    }

    pub(super) fn end(&self, text_box: WidgetId) {
        if self.typing.get() == Some(text_box) {
            self.typing.set(None);
        }
        self.fall_behind();
    }

    fn fall_behind(&self) {
        self.is_behind.set(true);
        let method = self.clone();
        super::soon(move || method.catch_up());
    }

    /// Tells the context of another text box, or of none.
    fn catch_up(&self) {
        if !self.is_behind.take() {
            return;
        }
        self.context.reset();
        if self.typing.get().is_some() {
            self.context.focus_in();
        } else {
            self.context.focus_out();
        }
    }

    pub(super) fn show_caret(&self, caret: Rect) {
        let [x, y, height] =
            [caret.x0, caret.y0, caret.height()].map(|pixels| pixels.round() as i32);
        if self.caret.replace(Some((x, y, height))) != Some((x, y, height)) {
            self.context
                .set_cursor_location(&gdk::Rectangle::new(x, y, 1, height));
        }
    }
}

/// Key presses of our own for druid's area.
#[derive(Clone)]
struct Strokes {
    area: WeakRef<gtk::Widget>,
    /// The two events of a key, made once and used for each character.
    made: Rc<Cell<Option<[gdk::EventKey; 2]>>>,
}

impl Strokes {
    fn of(area: &gtk::Widget) -> Self {
        Self {
            area: area.downgrade(),
            made: Rc::default(),
        }
    }

    /// Has druid do what it was told before: the end of a key that there is not changes nothing else.
    fn settle(&self) {
        self.send(KEY_OF_NOTHING, 1);
    }

    fn replay(&self, letter: char) {
        self.send(key_value(letter), 0);
    }

    fn send(&self, key: u32, from: usize) {
        let Some(area) = self.area.upgrade() else {
            return;
        };
        let Some(mut strokes) = self.made.take().or_else(|| made(&area)) else {
            return;
        };
        for stroke in strokes.iter_mut().skip(from) {
            stroke.as_mut().keyval = key;
            area.event(stroke);
        }
        self.made.set(Some(strokes));
    }
}

/// As X11 numbers a key that has no meaning.
const KEY_OF_NOTHING: u32 = 0x00ff_ffff;

fn made(area: &gtk::Widget) -> Option<[gdk::EventKey; 2]> {
    let window = area.window()?;
    let keyboard = area
        .display()
        .default_seat()
        .and_then(|seat| seat.keyboard());
    let stroke = |kind| {
        let mut key = gdk::Event::new(kind).downcast::<gdk::EventKey>().ok()?;
        key.set_device(keyboard.as_ref());
        // The event owns this reference and gives it back when it is freed.
        let window: *mut gdk::ffi::GdkWindow = window.to_glib_full();
        let fields: &mut gdk::ffi::GdkEventKey = key.as_mut();
        fields.window = window;
        fields.send_event = 1;
        Some(key)
    };
    Some([
        stroke(gdk::EventType::KeyPress)?,
        stroke(gdk::EventType::KeyRelease)?,
    ])
}

/// As X11 numbers keys: Latin-1 is itself, all else its code point in a range of its own.
fn key_value(letter: char) -> u32 {
    let code = u32::from(letter);
    match code {
        0x20..=0x7e | 0xa0..=0xff => code,
        _ => code | 0x0100_0000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_comes_back_from_its_key() {
        for letter in ['a', 'é', '你', '😀', '\u{200d}'] {
            // A plain function of numbers, without a display.
            assert_eq!(
                gdk::keys::Key::from(key_value(letter)).to_unicode(),
                Some(letter)
            );
        }
    }
}
