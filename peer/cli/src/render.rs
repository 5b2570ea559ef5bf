//! The only place that prints for people: results on standard output, everything else on standard error.
//!
//! With `--json` results, errors and events are printed as the agent prints them. Whatever came from outside passes
//! through [`hutong_common::harmless`] first. Called by `commands`; decides nothing.

mod announcements;
mod classroom;
mod conversations;
mod doctor;
mod events;
mod groups;
mod keys;
mod progress;
mod replies;
mod row;

pub(crate) use classroom::csv as attendance_csv;

use hutong_common::harmless;
use hutong_common::text::{Lang, client::Client};
use hutong_host::wording::Fields;
use progress::Progress;
use row::Row;
use serde_json::Value;
use std::io::{IsTerminal, Write};

/// Where a command shows what happened.
#[derive(Debug)]
pub(crate) struct Screen {
    pub(crate) lang: Lang,
    pub(crate) is_json: bool,
    progress: Progress,
}

impl Screen {
    pub(crate) fn new(lang: Lang, is_json: bool) -> Self {
        let is_shown = !is_json && std::io::stderr().is_terminal();
        Self {
            lang,
            is_json,
            progress: Progress::new(is_shown, lang),
        }
    }

    /// The reply to a request.
    pub(crate) fn reply(&mut self, request: &Fields, reply: &Value) {
        if self.is_json {
            let mut reply = reply.clone();
            if let Some(fields) = reply.as_object_mut() {
                fields.remove("re");
            }
            self.print(&reply.to_string());
        } else {
            let text = replies::shown(request, Row(reply), self.lang);
            if !text.is_empty() {
                self.print(&text);
            }
            if let Some(note) = replies::note(request, Row(reply), self.lang) {
                self.complain(&note);
            }
            if let Some(more) = conversations::more(request, Row(reply), self.lang) {
                self.complain(&more);
            }
        }
    }

    /// What the engine tells by itself, while a person watches.
    pub(crate) fn event(&mut self, event: &Value) {
        if self.is_json {
            self.print(&event.to_string());
            return;
        }
        let row = Row(event);
        if row.raw("event") == "file" {
            self.progress.show(row);
            if row.raw("state") == "running" {
                return;
            }
        }
        if let Some(text) = events::shown(row, self.lang) {
            self.progress.clear();
            self.print(&text);
        }
    }

    /// How far a file is; nothing where nobody looks.
    pub(crate) fn file_progress(&mut self, event: &Value) {
        self.progress.show(Row(event));
    }

    /// The event that ends a wait, for a person beside the result; a program has its reply and the exit code.
    pub(crate) fn outcome(&mut self, event: &Value) {
        self.progress.clear();
        if let Some(text) = events::shown(Row(event), self.lang).filter(|_| !self.is_json) {
            self.complain(&text);
        }
    }

    /// Something beside the result, for a person.
    pub(crate) fn note(&mut self, text: &str) {
        self.progress.clear();
        self.complain(text);
    }

    /// Why the command was not carried out.
    pub(crate) fn error(&mut self, error: &Fields) {
        self.progress.clear();
        if self.is_json {
            self.print(&serde_json::json!({ "error": error }).to_string());
        }
        let text = error
            .get("text")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let text = harmless::one_line(text);
        self.complain(&Client::ErrorLine { text: &text }.say(self.lang));
    }

    /// A reader that went away ends nothing but the printing.
    fn print(&self, text: &str) {
        let _ = writeln!(std::io::stdout().lock(), "{text}");
    }

    fn complain(&self, text: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }
}

/// Help for whoever asked for it, or what is wrong with the command line.
pub(crate) fn usage(text: &str, is_help: bool) {
    let text = text.trim_end();
    // Where nobody reads it, the exit code still counts.
    let _ = if is_help {
        writeln!(std::io::stdout().lock(), "{text}")
    } else {
        writeln!(std::io::stderr().lock(), "{text}")
    };
}

/// A script for a shell.
pub(crate) fn script(text: &[u8]) {
    let _ = std::io::stdout().lock().write_all(text);
}

/// How a name of the JSON contract is said to a person; a name of a newer engine is shown as it is.
fn said(name: &str, lang: Lang) -> String {
    let text = match name {
        "direct" => Client::PathDirect,
        "relay" => Client::PathRelay,
        "mail" => Client::PathMail,
        "none" => Client::PathNone,
        "udp_off_here" => Client::WhyUdpOffHere,
        "udp_off_there" => Client::WhyUdpOffThere,
        "no_answer" => Client::WhyNoAnswer,
        "silent" => Client::WhySilent,
        "requested" => Client::RelationRequested,
        "friend" => Client::RelationFriend,
        "classmate" => Client::RelationClassmate,
        "member" => Client::RelationMember,
        "self" => Client::RelationSelf,
        "pending" => Client::RequestPending,
        "accepted" => Client::RequestWasAccepted,
        "declined" => Client::RequestWasDeclined,
        "queued" => Client::DeliveryQueued,
        "in_flight" => Client::DeliveryInFlight,
        "left_at_server" => Client::DeliveryLeft,
        "delivered" => Client::DeliveryDelivered,
        "shown" => Client::DeliveryShown,
        "offered" => Client::FileOffered,
        "waiting" => Client::FileWaiting,
        "running" => Client::FileRunning,
        "paused" => Client::FilePaused,
        "verified" => Client::FileVerified,
        "failed" => Client::FileFailed,
        "own" => Client::KindOwn,
        "seat" => Client::KindSeat,
        "m" => Client::Male,
        "f" => Client::Female,
        "x" => Client::Other,
        other => return harmless::one_line(other),
    };
    text.say(lang)
}

fn yes_or_no(yes: bool, lang: Lang) -> String {
    if yes { Client::Yes } else { Client::No }.say(lang)
}
