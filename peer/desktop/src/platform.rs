//! Everything that differs between operating systems. No other file of this package names one, or the toolkit below druid.
//!
//! Each window is made known by [`attach`]; what follows for a window that is not, or without a display as in tests, does
//! nothing.

mod notices;
mod outbox;

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod plain;

#[cfg(target_os = "linux")]
use linux as system;
#[cfg(not(target_os = "linux"))]
use plain as system;

pub use notices::{Notice, Notices};
pub use outbox::{is_pasted, set_outbox};

use druid::{ExtEventSink, Rect, WidgetId, WindowId};
use std::time::Duration;

/// A font family that has Latin, Chinese and, by the system's substitution, emoji.
#[cfg(target_os = "linux")]
pub const FONT_FAMILY: &str = "Noto Sans CJK SC";
/// A font family that has Latin, Chinese and, by the system's substitution, emoji.
#[cfg(target_os = "windows")]
pub const FONT_FAMILY: &str = "Microsoft YaHei";
/// A font family that has Latin, Chinese and, by the system's substitution, emoji.
#[cfg(not(any(target_os = "linux", target_os = "windows")))]
pub const FONT_FAMILY: &str = "PingFang SC";

/// Gives a window what druid lacks: input methods, drops, its icon. To be called at its `WindowConnected`; once is enough,
/// again does no harm.
pub fn attach(window: WindowId, sink: &ExtEventSink) {
    system::attach(window, sink);
}

/// Does something for which the toolkit may wait for another program, as for what that has copied. Keys that come meanwhile are
/// kept for afterwards: druid, in the middle of an event, would lose them.
pub fn keeping_keys<R>(window: WindowId, act: impl FnOnce() -> R) -> R {
    system::keep_keys(window);
    let result = act();
    system::give_keys(window);
    result
}

/// Tells the toolkit which arguments are ours: GTK reads them once more and refuses those that it does not know. To be called
/// between the toolkit's beginning and its loop.
pub fn accept_arguments(command: &clap::Command) {
    system::accept_arguments(command);
}

/// From now on the window's state knows whether the person is at it. For a window of the client that is attached.
pub fn follow_focus(window: WindowId, sink: &ExtEventSink) {
    system::follow_focus(window, sink);
}

/// What is open before somebody is read; what is not is told. An idle callback, as a command may not wake the window.
#[cfg(target_os = "linux")]
fn tell_focus(sink: &ExtEventSink, is_here: bool) {
    use crate::input::intent::Go;
    use crate::input::{Input, Intent};
    use crate::model::AppState;
    sink.add_idle_callback(move |state: &mut AppState| {
        state.take([Input::Intent(Intent::Go(Go::Focus(is_here)))]);
    });
}

/// How long the calling thread has waited for a CPU that others had; nothing where the system does not tell.
pub(crate) fn waited_for_cpu() -> Duration {
    system::waited_for_cpu()
}

/// A text box of the window has the focus: keys go through the input method.
pub fn begin_typing(window: WindowId, text_box: WidgetId) {
    system::begin_typing(window, text_box);
}

/// That text box lost it.
pub fn end_typing(window: WindowId, text_box: WidgetId) {
    system::end_typing(window, text_box);
}

/// Where the caret stands in the window, in pixels of the screen: an input method shows its words there.
pub fn show_caret(window: WindowId, caret: Rect) {
    system::show_caret(window, caret);
}

/// Takes files or a picture from the clipboard; they come as [`crate::selectors::DROPPED`].
pub fn paste_files(window: WindowId, sink: &ExtEventSink) {
    system::paste_files(window, sink);
}
