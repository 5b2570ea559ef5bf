//! The only file of this package that prints: sentences for people on stderr, data for programs on stdout.
//!
//! Called by `main.rs` and `commands.rs`. A closed stream is no reason to fail: nobody listens, so nobody misses it.

pub(crate) mod accounts;
pub(crate) mod announcements;
pub(crate) mod audit;
pub(crate) mod limits;
pub(crate) mod self_check;
pub(crate) mod status;

use crate::server::Ready;
use hutong_common::text::Lang;
use hutong_common::text::rendezvous::Rendezvous;
use hutong_common::text::time::time;
use jiff::tz::TimeZone;
use serde::Serialize;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::process::ExitCode;

/// Exit code for a command line that makes no sense, as is custom.
const BAD_USAGE: u8 = 2;

/// Tells people that the rendezvous runs and how to join, and programs the same in one JSON line.
pub(crate) fn ready(ready: &Ready, lang: Lang) {
    let invite = &ready.invite;
    sentence(
        &Rendezvous::Running {
            name: &invite.name(),
        }
        .say(lang),
    );
    let details = [
        Rendezvous::Addresses {
            hosts: &invite.hosts().join("  "),
        }
        .say(lang),
        Rendezvous::Fingerprint {
            fingerprint: &ready.fingerprint,
        }
        .say(lang),
        Rendezvous::Invitation { link: invite }.say(lang),
    ];
    details
        .iter()
        .for_each(|detail| sentence(&format!("  {detail}")));
    if ready.announced {
        sentence(&Rendezvous::Found.say(lang));
    }
    if let Some(code) = &ready.owner_code {
        sentence(&Rendezvous::OwnerCode { code }.say(lang));
    }
    sentence(&Rendezvous::HowToStop.say(lang));
    data(&ready_line(ready));
}

/// What programs read; fields are only ever added.
#[derive(Serialize)]
struct ReadyLine<'a> {
    ready: bool,
    control: SocketAddr,
    http: Option<SocketAddr>,
    server_id: String,
    invite: String,
    fingerprint: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner_code: Option<&'a str>,
    /// The operating system's number for this process, for whoever comes later to stop it.
    pid: u32,
}

fn ready_line(ready: &Ready) -> String {
    let line = ReadyLine {
        ready: true,
        control: ready.control,
        http: ready.http,
        server_id: ready.invite.server().to_string(),
        invite: ready.invite.to_string(),
        fingerprint: ready.fingerprint.to_string(),
        owner_code: ready.owner_code.as_deref(),
        pid: std::process::id(),
    };
    serde_json::to_string(&line).unwrap_or_else(|_| unreachable!("the line is plain values"))
}

/// What a program, or a person who asked for just this, wants to read.
pub(crate) fn data(line: &str) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// A script for a shell.
pub(crate) fn script(text: &[u8]) {
    let _ = io::stdout().lock().write_all(text);
}

/// Help for whoever asked for it, or what is wrong with the command line; the exit code says which.
pub fn usage(text: &str, is_help: bool) -> ExitCode {
    if is_help {
        data(text.trim_end());
        ExitCode::SUCCESS
    } else {
        sentence(text.trim_end());
        ExitCode::from(BAD_USAGE)
    }
}

/// The same, as one line of JSON.
fn json(value: &impl Serialize) {
    let line = serde_json::to_string(value);
    data(&line.unwrap_or_else(|_| unreachable!("the line is plain values")));
}

/// A Unix time in milliseconds as people read it here.
fn local(at_ms: u64) -> String {
    time(at_ms, TimeZone::system())
}

/// What a person wants to know beside it.
pub fn sentence(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}
