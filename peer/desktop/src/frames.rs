//! How long the frames of a window take, told on standard output as lines of JSON: for measurements. Off, and without cost,
//! unless [`tell`] was called.
//!
//! A frame is all that the window's thread did for one picture since the one before: inputs reduced, events, update, layout,
//! paint. `took_us` says how long that took; `waited_us` of it the thread waited for a CPU, as others had all of them. What a
//! picture showed is only counted: no words, no names.

use crate::{moment, platform};
use druid::widget::prelude::*;
use serde::Serialize;
use std::cell::RefCell;
use std::io::Write;
use std::time::Duration;

thread_local! {
    static TALLY: RefCell<Option<Tally>> = const { RefCell::new(None) };
}

/// What was done since the last picture.
#[derive(Default)]
struct Tally {
    frame: u64,
    inputs: usize,
    took: Duration,
    waited: Duration,
    is_busy: bool,
}

/// What is counted in a picture.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Shown {
    /// Rows of the list of conversations.
    pub chats: usize,
    /// Messages of the open conversation.
    pub messages: usize,
}

#[derive(Serialize)]
struct Line {
    frame: u64,
    at_ms: u64,
    took_us: u128,
    waited_us: u128,
    inputs: usize,
    #[serde(flatten)]
    shown: Shown,
}

/// From now on, each frame of this thread's window is told.
pub fn tell() {
    TALLY.set(Some(Tally::default()));
}

/// So many inputs came at once.
pub(crate) fn came(inputs: usize) {
    with(|tally| tally.inputs += inputs);
}

/// Does some of the work for a frame.
pub(crate) fn pass<T>(work: impl FnOnce() -> T) -> T {
    let is_outermost = with(|tally| !std::mem::replace(&mut tally.is_busy, true));
    if is_outermost != Some(true) {
        return work();
    }
    let (began, waited) = (moment::tick(), platform::waited_for_cpu());
    let done = work();
    let (took, waits) = (began.elapsed(), platform::waited_for_cpu());
    with(|tally| {
        tally.took += took;
        tally.waited += waits.saturating_sub(waited);
        tally.is_busy = false;
    });
    done
}

fn with<T>(act: impl FnOnce(&mut Tally) -> T) -> Option<T> {
    TALLY.with_borrow_mut(|tally| tally.as_mut().map(act))
}

fn painted(shown: impl FnOnce() -> Shown) {
    with(|tally| {
        let line = Line {
            frame: tally.frame,
            at_ms: moment::now_ms(),
            took_us: tally.took.as_micros(),
            waited_us: tally.waited.as_micros(),
            inputs: tally.inputs,
            shown: shown(),
        };
        let mut out = std::io::stdout().lock();
        let told = serde_json::to_writer(&mut out, &line).map_err(std::io::Error::from);
        if let Err(error) = told.and_then(|()| writeln!(out)).and_then(|()| out.flush()) {
            tracing::debug!(%error, "nobody reads of frames");
        }
        *tally = Tally {
            frame: tally.frame + 1,
            ..Tally::default()
        };
    });
}

/// All of a window, with a count of what it shows.
pub struct Timed<W, T> {
    all: W,
    count: fn(&T) -> Shown,
}

impl<W, T> Timed<W, T> {
    /// Around everything that the window shows.
    pub fn new(all: W, count: fn(&T) -> Shown) -> Self {
        Self { all, count }
    }
}

impl<T: Data, W: Widget<T>> Widget<T> for Timed<W, T> {
    fn event(&mut self, ctx: &mut EventCtx, event: &Event, data: &mut T, env: &Env) {
        pass(|| self.all.event(ctx, event, data, env));
    }

    fn lifecycle(&mut self, ctx: &mut LifeCycleCtx, event: &LifeCycle, data: &T, env: &Env) {
        pass(|| self.all.lifecycle(ctx, event, data, env));
    }

    fn update(&mut self, ctx: &mut UpdateCtx, old: &T, data: &T, env: &Env) {
        pass(|| self.all.update(ctx, old, data, env));
    }

    fn layout(&mut self, ctx: &mut LayoutCtx, bc: &BoxConstraints, data: &T, env: &Env) -> Size {
        pass(|| self.all.layout(ctx, bc, data, env))
    }

    fn paint(&mut self, ctx: &mut PaintCtx, data: &T, env: &Env) {
        pass(|| self.all.paint(ctx, data, env));
        painted(|| (self.count)(data));
    }
}
