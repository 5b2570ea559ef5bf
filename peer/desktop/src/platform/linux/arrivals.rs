//! Files and pictures that come into a window: dragged over it, or pasted from the clipboard.
//!
//! Asked for without waiting: a toolkit that waits for another program runs its loop inside druid's event. What comes is told as
//! one command with the paths.

use crate::platform::outbox::{self, Pixels};
use crate::selectors::DRAGGED_OVER;
use druid::{ExtEventSink, Target, WindowId};
use gtk::gdk;
use gtk::gdk_pixbuf::Pixbuf;
use gtk::glib;
use gtk::prelude::*;
use hutong_common::limits::DROPPED_FILES_MAX;
use std::cell::Cell;
use std::path::PathBuf;
use std::rc::Rc;

pub(super) fn accept_drops(area: &gtk::Widget, window: WindowId, sink: &ExtEventSink) {
    area.drag_dest_set(gtk::DestDefaults::ALL, &[], gdk::DragAction::COPY);
    area.drag_dest_add_uri_targets();
    area.drag_dest_add_image_targets();
    let is_over = Rc::new(Cell::new(false));
    let tell = {
        let sink = sink.clone();
        move |over: bool| {
            if is_over.replace(over) != over
                && let Err(error) = sink.submit_command(DRAGGED_OVER, over, Target::Window(window))
            {
                tracing::warn!(%error, "a drag cannot be told");
            }
        }
    };
    let tell = Rc::new(tell);
    let over = tell.clone();
    area.connect_drag_motion(move |_, _, _, _, _| {
        over(true);
        true
    });
    area.connect_drag_leave(move |_, _, _| tell(false));
    let sink = sink.clone();
    area.connect_drag_data_received(move |_, _, _, _, data, _, _| {
        let uris = data.uris();
        if uris.is_empty() {
            keep(data.pixbuf().as_ref(), window, &sink);
        } else {
            tell_files(&uris, window, &sink);
        }
    });
}

pub(super) fn paste(window: WindowId, sink: &ExtEventSink) {
    let clipboard = gtk::Clipboard::get(&gdk::SELECTION_CLIPBOARD);
    let sink = sink.clone();
    clipboard.request_contents(&gdk::Atom::intern("TARGETS"), move |clipboard, targets| {
        if targets.targets_include_uri() {
            clipboard.request_uris(move |_, uris| tell_files(uris, window, &sink));
        } else {
            clipboard.request_image(move |_, picture| keep(picture, window, &sink));
        }
    });
}

fn tell_files(uris: &[glib::GString], window: WindowId, sink: &ExtEventSink) {
    let paths = uris
        .iter()
        .filter_map(|uri| path(uri))
        .take(DROPPED_FILES_MAX);
    outbox::tell(sink, window, paths.collect());
}

/// Only what lies on this computer; a page of the web has an address that is no path.
fn path(uri: &str) -> Option<PathBuf> {
    glib::filename_from_uri(uri).ok().map(|(path, _)| path)
}

fn keep(picture: Option<&Pixbuf>, window: WindowId, sink: &ExtEventSink) {
    let Some(pixels) = picture.and_then(pixels) else {
        return;
    };
    let sink = sink.clone();
    outbox::keep(pixels, move |path| {
        glib::MainContext::default().invoke(move || {
            outbox::tell(&sink, window, [path].into_iter().collect());
        });
    });
}

fn pixels(picture: &Pixbuf) -> Option<Pixels<glib::Bytes>> {
    Some(Pixels {
        bytes: picture.read_pixel_bytes()?,
        width: picture.width().try_into().ok()?,
        height: picture.height().try_into().ok()?,
        row_bytes: picture.rowstride().try_into().ok()?,
        has_alpha: picture.has_alpha(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_this_computer_have_a_path() {
        assert_eq!(
            path("file:///tmp/%E4%BD%9C%E4%B8%9A%20%31.txt"),
            Some(PathBuf::from("/tmp/作业 1.txt"))
        );
        assert_eq!(path("https://example.org/a.png"), None);
        assert_eq!(path("nonsense"), None);
    }
}
