//! Requests about files.

use super::{Follow, Planned, absolute, given};
use crate::args::{FileCommand, WaitFile};
use crate::commands::Stop;
use hutong_common::limits::ONLINE_WAIT_MS;
use hutong_common::text::Lang;
use serde_json::json;

pub(in crate::commands) fn plan(command: FileCommand, lang: Lang) -> Result<Planned, Stop> {
    Ok(match command {
        FileCommand::SendFile { who, paths, wait } => {
            let requests = paths.iter().map(|path| {
                let path = absolute(path, lang)?;
                Ok(given(json!({ "do": "send_file", "to": who, "path": path })))
            });
            Planned {
                requests: requests.collect::<Result<_, Stop>>()?,
                patience_ms: Some(ONLINE_WAIT_MS),
                follow: wait.map(|wait| match wait {
                    WaitFile::Left => Follow::Left,
                    WaitFile::Delivered => Follow::Delivered,
                    WaitFile::Fetched => Follow::Fetched,
                }),
                csv: None,
            }
        }
        FileCommand::Files { incoming, outgoing } => {
            Planned::from_home(json!({ "do": "files", "incoming": incoming, "outgoing": outgoing }))
        }
        FileCommand::AcceptFile { file, to, no_wait } => {
            let to = to.map(|to| absolute(&to, lang)).transpose()?;
            Planned {
                follow: (!no_wait).then_some(Follow::Saved),
                ..Planned::up_to_date(json!({ "do": "accept_file", "file": file, "to": to }))
            }
        }
        FileCommand::DeclineFile { file } => told("decline_file", &file),
        FileCommand::CancelFile { file } => told("cancel_file", &file),
        FileCommand::PauseFile { file } => told("pause_file", &file),
        FileCommand::ResumeFile { file } => told("resume_file", &file),
    })
}

fn told(verb: &str, file: &str) -> Planned {
    Planned::up_to_date(json!({ "do": verb, "file": file }))
}
