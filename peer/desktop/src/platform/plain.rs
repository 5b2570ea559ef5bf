//! Systems where druid's own backend is all there is: input methods commit by themselves, and there are no drops.

use druid::{ExtEventSink, Rect, WidgetId, WindowId};
use std::time::Duration;

pub(super) fn attach(_: WindowId, _: &ExtEventSink) {}

pub(super) fn follow_focus(_: WindowId, _: &ExtEventSink) {}

pub(super) fn begin_typing(_: WindowId, _: WidgetId) {}

pub(super) fn end_typing(_: WindowId, _: WidgetId) {}

pub(super) fn keep_keys(_: WindowId) {}

pub(super) fn give_keys(_: WindowId) {}

pub(super) fn show_caret(_: WindowId, _: Rect) {}

/// The clipboard of druid gives a picture as PNG; lists of files have another form on each system.
pub(super) fn paste_files(window: WindowId, sink: &ExtEventSink) {
    let Some(png) = druid::Application::global()
        .clipboard()
        .get_format("image/png")
    else {
        return;
    };
    let sink = sink.clone();
    super::outbox::keep_png(png, move |path| {
        super::outbox::tell(&sink, window, [path].into_iter().collect());
    });
}

pub(super) fn accept_arguments(_: &clap::Command) {}

pub(super) const fn waited_for_cpu() -> Duration {
    Duration::ZERO
}
