//! The engine's thread, and the two ways between it and the window.
//!
//! To the window: one queue, and one pending idle callback that drains it into `reduce`; single commands would lose
//! wake-ups. From the window: a bounded channel of effects; nothing here ever blocks the window.

mod class;
mod effects;
mod life;

use crate::frames;
use crate::input::{Effect, Ending, Input};
use crate::model::AppState;
use crate::moment;
use druid::ExtEventSink;
use hutong_common::limits::WINDOW_EFFECTS_MAX;
use hutong_common::text::Lang;
use hutong_engine::api::Failure;
use hutong_engine::engine::EngineConfig;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc;

/// Where the window's effects go; clones are the same one.
#[derive(Clone, Debug)]
pub struct Outlet {
    effects: mpsc::Sender<Effect>,
    waiting: Arc<Mutex<Option<Waiting>>>,
}

/// What the thread needs, until it runs.
#[derive(Debug)]
struct Waiting {
    config: EngineConfig,
    lang: Lang,
    effects: mpsc::Receiver<Effect>,
}

impl Outlet {
    /// The way out of a window whose engine is not started yet.
    pub fn new(config: EngineConfig, lang: Lang) -> Self {
        let (effects, queue) = mpsc::channel(WINDOW_EFFECTS_MAX);
        let waiting = Waiting {
            config,
            lang,
            effects: queue,
        };
        Self {
            effects,
            waiting: Arc::new(Mutex::new(Some(waiting))),
        }
    }

    /// The way out of a window without an engine.
    #[cfg(test)]
    pub(crate) fn unconnected() -> Self {
        let outlet = Self::new(EngineConfig::new("/nowhere"), Lang::En);
        outlet
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        outlet
    }

    /// Starts the engine, once. Must not be called before the window is there: callbacks would be lost.
    pub fn start(&self, sink: ExtEventSink) {
        let waiting = self
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let Some(waiting) = waiting else {
            return;
        };
        let inlet = Inlet::new(sink);
        let thread = std::thread::Builder::new().name("hutong-window".to_owned());
        let told = inlet.clone();
        if let Err(error) = thread.spawn(move || life::run(waiting, &inlet)) {
            told.push(Input::Ended(Ending::Broken(Failure::Storage {
                detail: error.to_string(),
            })));
        }
    }

    /// Has all of this done. What finds no room is dropped: then thousands wait already.
    pub fn perform(&self, effects: Vec<Effect>) {
        for effect in effects {
            if let Err(error) = self.effects.try_send(effect) {
                tracing::warn!(%error, "an effect is not done");
            }
        }
    }
}

/// The way into the window; clones are the same one.
#[derive(Clone)]
struct Inlet {
    queue: Arc<Mutex<Vec<Input>>>,
    is_pending: Arc<AtomicBool>,
    sink: ExtEventSink,
}

impl Inlet {
    fn new(sink: ExtEventSink) -> Self {
        Self {
            queue: Arc::default(),
            is_pending: Arc::default(),
            sink,
        }
    }

    fn push(&self, input: Input) {
        self.queue
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(input);
        if self.is_pending.swap(true, Ordering::SeqCst) {
            return;
        }
        let (queue, is_pending) = (Arc::clone(&self.queue), Arc::clone(&self.is_pending));
        self.sink.add_idle_callback(move |state: &mut AppState| {
            // First this: what comes from now on asks for a callback of its own.
            is_pending.store(false, Ordering::SeqCst);
            let inputs = std::mem::take(&mut *queue.lock().unwrap_or_else(PoisonError::into_inner));
            frames::came(inputs.len());
            frames::pass(|| state.take(inputs));
        });
    }
}

impl AppState {
    /// Reduces these inputs, and has done what follows.
    pub fn take(&mut self, inputs: impl IntoIterator<Item = Input>) {
        let effects = crate::reduce::reduce_all(self, inputs, moment::now_ms());
        self.outlet.perform(effects);
    }
}
