//! Counts what is logged as an error while a world exists on this thread: none is allowed.

use std::cell::RefCell;
use std::fmt::Write;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Level, Metadata, Subscriber};

thread_local! {
    static ERRORS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Listens on this thread until it is dropped.
#[must_use]
pub fn listen() -> DefaultGuard {
    ERRORS.with_borrow_mut(Vec::clear);
    tracing::subscriber::set_default(Listener)
}

/// What was logged as an error on this thread.
pub fn heard() -> Vec<String> {
    ERRORS.with_borrow(Vec::clone)
}

struct Listener;

impl Subscriber for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() == Level::ERROR
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(event.metadata().target().to_owned());
        event.record(&mut line);
        ERRORS.with_borrow_mut(|errors| errors.push(line.0));
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
}
