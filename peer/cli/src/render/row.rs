//! Reads the fields of a reply or event for showing: every text made harmless, nothing missing is an error.
//!
//! A reply may come from another version of the program through the local socket, so nothing is taken for granted.

use super::said;
use hutong_common::harmless;
use hutong_common::text::Lang;
use hutong_common::text::announcements::BulletinText;
use hutong_engine::api::announcement::SERVER_NAMED;
use hutong_host::time;
use serde_json::Value;

/// One JSON object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'a>(pub(super) &'a Value);

impl<'a> Row<'a> {
    /// A name of the contract, to be compared and never shown.
    pub(super) fn raw(self, name: &str) -> &'a str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// A text or number, fit to be shown on one line.
    pub(super) fn text(self, name: &str) -> String {
        match self.0.get(name) {
            Some(Value::String(text)) => harmless::one_line(text),
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) | None => {
                String::new()
            }
        }
    }

    /// Somebody's name, our own name for them before it where we gave one: `小波 (bob)`.
    pub(super) fn named(self, name: &str) -> String {
        let theirs = self.text(name);
        match self.text("remark").as_str() {
            "" => theirs,
            ours => format!("{ours} ({theirs})"),
        }
    }

    /// Who wrote a message or announces something.
    pub(super) fn writer(self, lang: Lang) -> String {
        if self.raw("from") == SERVER_NAMED {
            BulletinText::Server.say(lang)
        } else {
            self.named("from")
        }
    }

    pub(super) fn number(self, name: &str) -> u64 {
        self.0.get(name).and_then(Value::as_u64).unwrap_or_default()
    }

    pub(super) fn flag(self, name: &str) -> bool {
        self.0
            .get(name)
            .and_then(Value::as_bool)
            .unwrap_or_default()
    }

    pub(super) fn time(self, name: &str) -> String {
        time::local(self.number(name))
    }

    /// By which way somebody is reached, and why by relay.
    pub(super) fn way(self, lang: Lang) -> String {
        let path = said(self.raw("path"), lang);
        match self.raw("why") {
            "" => path,
            why => format!("{path}: {}", said(why, lang)),
        }
    }

    /// A round-trip time as `0.4 ms`.
    pub(super) fn round_trip(self) -> String {
        match self.0.get("rtt_us").and_then(Value::as_u64) {
            Some(us) => format!("{}.{} ms", us / 1000, us % 1000 / 100),
            None => String::new(),
        }
    }

    /// A list of texts, each fit to be shown.
    pub(super) fn words(self, name: &str) -> Vec<String> {
        let words = self.0.get(name).and_then(Value::as_array);
        let words = words.into_iter().flatten().filter_map(Value::as_str);
        words.map(harmless::one_line).collect()
    }

    /// An object within.
    pub(super) fn object(self, name: &str) -> Option<Self> {
        let within = self.0.get(name).filter(|within| within.is_object());
        within.map(Row)
    }

    pub(super) fn list(self, name: &str) -> impl Iterator<Item = Row<'a>> {
        self.0
            .get(name)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .map(Row)
    }
}
