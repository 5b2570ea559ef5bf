//! Listens to what is logged while a world exists on this thread: no error is allowed, and what a program notices of an
//! attack is evidence.

use std::cell::RefCell;
use std::fmt::Write;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::{DefaultGuard, Interest};
use tracing::{Event, Level, Metadata, Subscriber};

thread_local! {
    static HEARD: RefCell<Heard> = const { RefCell::new(Heard::silence()) };
}

/// What was logged, and by whose program.
#[derive(Debug)]
struct Heard {
    errors: Vec<String>,
    /// Lines of all levels up to DEBUG, while they are wanted.
    lines: Option<Vec<(String, String)>>,
    speaker: String,
}

impl Heard {
    const fn silence() -> Self {
        Self {
            errors: Vec::new(),
            lines: None,
            speaker: String::new(),
        }
    }
}

/// Listens on this thread until it is dropped.
#[must_use]
pub fn listen() -> DefaultGuard {
    HEARD.with_borrow_mut(|heard| *heard = Heard::silence());
    tracing::subscriber::set_default(Listener)
}

/// What was logged as an error on this thread.
pub fn heard() -> Vec<String> {
    HEARD.with_borrow(|heard| heard.errors.clone())
}

/// From now on, keeps every line of the programs' logs, and forgets those before.
pub fn keep_lines() {
    HEARD.with_borrow_mut(|heard| heard.lines = Some(Vec::new()));
}

/// What a program logged since then.
pub fn lines_of(speaker: &str) -> Vec<String> {
    HEARD.with_borrow(|heard| {
        let lines = heard.lines.iter().flatten();
        let own = lines.filter(|(by, _)| by == speaker);
        own.map(|(_, line)| line.clone()).collect()
    })
}

/// Whose program runs until this is dropped.
#[must_use]
pub fn speaks(name: &str) -> Speaker {
    HEARD.with_borrow_mut(|heard| name.clone_into(&mut heard.speaker));
    Speaker(())
}

/// Somebody's program runs on this thread.
#[derive(Debug)]
pub struct Speaker(());

impl Drop for Speaker {
    fn drop(&mut self) {
        HEARD.with_borrow_mut(|heard| heard.speaker.clear());
    }
}

struct Listener;

impl Subscriber for Listener {
    // What is wanted changes during a thread's life, so no answer is kept.
    fn register_callsite(&self, _: &'static Metadata<'static>) -> Interest {
        Interest::sometimes()
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let wants_lines = || HEARD.with_borrow(|heard| heard.lines.is_some());
        *metadata.level() == Level::ERROR || (*metadata.level() <= Level::DEBUG && wants_lines())
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(String::new());
        event.record(&mut line);
        HEARD.with_borrow_mut(|heard| {
            if *event.metadata().level() == Level::ERROR {
                let from = event.metadata().target();
                heard.errors.push(format!("{from}{}", line.0));
            }
            if let Some(lines) = &mut heard.lines {
                lines.push((heard.speaker.clone(), line.0));
            }
        });
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        // Writing into a string cannot fail.
        let _ = write!(self.0, " {}={value:?}", field.name());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_errors_are_heard_and_only_while_one_listens() {
        let guard = listen();
        tracing::warn!("a warning");
        tracing::error!(code = 7, "a fault");
        assert_eq!(heard().len(), 1);
        assert!(heard()[0].contains("code=7"));
        drop(guard);
        tracing::error!("nobody hears this");
        assert_eq!(heard().len(), 1);
    }

    #[test]
    fn lines_are_kept_for_the_one_whose_program_runs() {
        let _guard = listen();
        tracing::warn!("before");
        keep_lines();
        {
            let _alice = speaks("alice");
            tracing::debug!(why = 3, "a refusal");
        }
        tracing::warn!("by nobody");
        assert_eq!(lines_of("alice").len(), 1);
        assert!(lines_of("alice")[0].contains("a refusal"));
        assert_eq!(lines_of("bob"), Vec::<String>::new());
    }
}
