//! The command that says how the rendezvous is.

use super::accounts::Manner;
use super::desk_line::DeskLine;
use crate::admin::{Answer, Ask};
use crate::config::Config;
use crate::failure::{Failure, NotCarriedOut};
use crate::render::status as render;

pub(super) async fn status(config: &Config, manner: Manner) -> Result<(), Failure> {
    let facts = match DeskLine::new(config)?.ask_running(Ask::Status).await? {
        Some(Answer::Status(facts)) => Some(facts),
        None => None,
        Some(_) => return Err(NotCarriedOut::OtherVersion.into()),
    };
    render::status(facts.as_ref(), manner);
    Ok(())
}
