//! What the lively ones do while the window is open: they answer, fetch what is sent to them, and send a file themselves.

use super::Place;
use super::windows::{Window, while_open};
use crate::content;
use crate::driver::{Agent, Stopwatch};
use hutong_fixtures::classroom::{ANSWERS, ME};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::time::Duration;

/// How long somebody thinks before the answer.
const THINKS: Duration = Duration::from_millis(1_600);
/// When a file comes by itself, after the window was opened.
const FILE_AFTER: Duration = Duration::from_secs(25);
/// Answers of one person, so that two programs can never talk to each other for ever.
const ANSWERS_MAX: usize = 500;
const FILE: (&str, u64) = ("春游照片.zip", 12_000_000);

/// Until the window is closed or the person interrupts.
pub(super) fn live(place: &Place, lively: &mut [Agent], window: Window) -> anyhow::Result<()> {
    let watch = Stopwatch::start();
    let mut replies: VecDeque<(Duration, usize, &str)> = VecDeque::new();
    let mut said = vec![0_usize; lively.len()];
    let mut has_sent = false;
    for agent in lively.iter_mut() {
        // What was told while the class came together needs no answer.
        agent.leftovers();
    }
    let mut turn = || {
        for (who, agent) in lively.iter_mut().enumerate() {
            for event in agent.leftovers() {
                if is_from_me(&event) && said[who] < ANSWERS_MAX {
                    let answers = ANSWERS.get(who).copied().unwrap_or_default();
                    if let Some(words) = answers.iter().cycle().nth(said[who]) {
                        replies.push_back((watch.elapsed() + THINKS, who, words));
                        said[who] += 1;
                    }
                }
                fetch(agent, &event)?;
            }
        }
        while let Some((due, who, words)) = replies.front().copied() {
            if watch.elapsed() < due {
                break;
            }
            replies.pop_front();
            lively[who].done(json!({"do": "read", "with": ME.login}))?;
            lively[who].done(json!({"do": "send", "to": ME.login, "text": words}))?;
        }
        if !has_sent && watch.elapsed() > FILE_AFTER {
            has_sent = true;
            let path = place.folder.join("files").join(FILE.0);
            content::make(&path, FILE.1)?;
            lively[0].done(json!({"do": "send_file", "to": ME.login, "path": path}))?;
        }
        Ok(())
    };
    while_open(&mut [window], &mut turn)
}

fn is_from_me(event: &Value) -> bool {
    event["event"] == "message" && event["from"] == ME.login
}

/// What is offered is fetched.
fn fetch(agent: &mut Agent, event: &Value) -> anyhow::Result<()> {
    let is_offer =
        event["event"] == "file" && event["direction"] == "incoming" && event["state"] == "offered";
    if is_offer {
        // It may have been called back meanwhile.
        agent.ask(json!({"do": "accept_file", "file": event["file"]}))?;
    }
    Ok(())
}
