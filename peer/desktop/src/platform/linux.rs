//! Linux with GTK 3: what druid's backend leaves out, added to its windows from outside.
//!
//! druid gives no handle of its GTK window, so [`attach`] takes the newest one that nobody knows yet. All of this happens in
//! the window's thread, and nothing in it calls druid while druid handles an event.

mod arrivals;
mod input_method;

use druid::{ExtEventSink, Rect, WidgetId, WindowId};
use gtk::gdk_pixbuf::PixbufLoader;
use gtk::glib;
use gtk::prelude::*;
use input_method::InputMethod;
use std::cell::RefCell;
use std::time::Duration;

/// Our own picture, for desktops that have not installed the icon.
const ICON: &[u8] = include_bytes!("../../assets/hutong-desktop.png");
/// As the desktop entry and the icon theme call us.
const NAME: &str = "hutong-desktop";

struct Toplevel {
    id: WindowId,
    window: gtk::Window,
    input_method: InputMethod,
}

thread_local! {
    static TOPLEVELS: RefCell<Vec<Toplevel>> = const { RefCell::new(Vec::new()) };
}

pub(super) fn attach(id: WindowId, sink: &ExtEventSink) {
    if !gtk::is_initialized_main_thread()
        || TOPLEVELS.with_borrow(|all| all.iter().any(|one| one.id == id))
    {
        return;
    }
    let Some((window, area)) = newcomer() else {
        return;
    };
    set_icon(&window);
    arrivals::accept_drops(&area, id, sink);
    let input_method = InputMethod::new(&window, &area);
    window.connect_destroy(move |_| {
        TOPLEVELS.with_borrow_mut(|all| all.retain(|one| one.id != id));
    });
    TOPLEVELS.with_borrow_mut(|all| {
        all.push(Toplevel {
            id,
            window,
            input_method,
        })
    });
}

pub(super) fn follow_focus(id: WindowId, sink: &ExtEventSink) {
    let known = |all: &Vec<Toplevel>| {
        let one = all.iter().find(|one| one.id == id);
        one.map(|one| one.window.clone())
    };
    let Some(window) = TOPLEVELS.with_borrow(known) else {
        return;
    };
    let (came, left) = (sink.clone(), sink.clone());
    window.connect_focus_in_event(move |_, _| {
        super::tell_focus(&came, true);
        Inhibit(false)
    });
    window.connect_focus_out_event(move |_, _| {
        super::tell_focus(&left, false);
        Inhibit(false)
    });
}

pub(super) fn accept_arguments(command: &clap::Command) {
    let Some(application) = gtk::gio::Application::default() else {
        return;
    };
    for argument in command.get_arguments() {
        let kind = if argument.get_action().takes_values() {
            glib::OptionArg::Filename
        } else {
            glib::OptionArg::None
        };
        let short = argument
            .get_short()
            .and_then(|short| u8::try_from(short).ok());
        if let Some(long) = argument.get_long() {
            let short = glib::Char::try_from(char::from(short.unwrap_or_default())).ok();
            if let Some(short) = short {
                application.add_main_option(long, short, glib::OptionFlags::NONE, kind, "", None);
            }
        }
    }
}

pub(super) fn waited_for_cpu() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = told.split(' ').nth(1).and_then(|nanos| nanos.parse().ok());
    Duration::from_nanos(nanos.unwrap_or_default())
}

/// The newest window of druid that is not attached, and the area that it paints.
fn newcomer() -> Option<(gtk::Window, gtk::Widget)> {
    let known = |window: &gtk::Window| {
        TOPLEVELS.with_borrow(|all| all.iter().any(|one| one.window == *window))
    };
    let windows = gtk::Window::list_toplevels().into_iter();
    windows
        .filter_map(|widget| widget.downcast::<gtk::Window>().ok())
        .filter(|window| !known(window))
        .filter_map(|window| Some((drawing_area(window.upcast_ref())?, window)))
        .map(|(area, window)| (window, area))
        .last()
}

fn drawing_area(widget: &gtk::Widget) -> Option<gtk::Widget> {
    if widget.is::<gtk::DrawingArea>() {
        return Some(widget.clone());
    }
    let container = widget.downcast_ref::<gtk::Container>()?;
    container.children().iter().find_map(drawing_area)
}

/// On the window itself: druid has realized it already, when defaults do not count any more.
fn set_icon(window: &gtk::Window) {
    if gtk::IconTheme::default().is_some_and(|theme| theme.has_icon(NAME)) {
        window.set_icon_name(Some(NAME));
        return;
    }
    let loader = PixbufLoader::new();
    let read = loader.write(ICON).and_then(|()| loader.close());
    match (read, loader.pixbuf()) {
        (Ok(()), Some(icon)) => window.set_icon(Some(&icon)),
        (read, _) => tracing::warn!(?read, "the icon cannot be read"),
    }
}

/// Calls `act` later, when druid is not in the middle of something: an input method that is reset may commit what it has.
fn soon(act: impl FnOnce() + 'static) {
    glib::idle_add_local_once(act);
}

fn with_input_method(id: WindowId, act: impl FnOnce(&InputMethod)) {
    let found = TOPLEVELS.with_borrow(|all| {
        all.iter()
            .find(|one| one.id == id)
            .map(|one| one.input_method.clone())
    });
    if let Some(found) = found {
        act(&found);
    }
}

pub(super) fn begin_typing(id: WindowId, text_box: WidgetId) {
    with_input_method(id, |method| method.begin(text_box));
}

pub(super) fn end_typing(id: WindowId, text_box: WidgetId) {
    with_input_method(id, |method| method.end(text_box));
}

pub(super) fn keep_keys(id: WindowId) {
    with_input_method(id, InputMethod::keep_keys);
}

pub(super) fn give_keys(id: WindowId) {
    with_input_method(id, InputMethod::give_keys);
}

pub(super) fn show_caret(id: WindowId, caret: Rect) {
    with_input_method(id, |method| method.show_caret(caret));
}

pub(super) fn paste_files(id: WindowId, sink: &ExtEventSink) {
    if gtk::is_initialized_main_thread() {
        arrivals::paste(id, sink);
    }
}
