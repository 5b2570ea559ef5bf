//! The commands about what the rendezvous announces.

use super::accounts::Manner;
use super::desk_line::DeskLine;
use crate::admin::{Answer, Ask};
use crate::args::{Announce, Announcements};
use crate::config::Config;
use crate::failure::{Failure, NotCarriedOut};
use crate::render::announcements as render;
use hutong_common::id::AccountId;
use hutong_common::text::Lang;

pub(super) async fn announce(config: &Config, wanted: Announce, lang: Lang) -> Result<(), Failure> {
    let ask = match (wanted.again, wanted.announced()) {
        (Some(number), _) => Ask::AnnounceAgain { number },
        (None, Some(announced)) => Ask::Announce {
            group: wanted.group,
            announced,
        },
        // The command line asks for one of them.
        (None, None) => return Ok(()),
    };
    let Answer::Announcement(facts) = DeskLine::new(config)?.ask(ask).await? else {
        return Err(NotCarriedOut::OtherVersion.into());
    };
    let json = wanted.json;
    render::announced(&facts, Manner { json, lang });
    Ok(())
}

pub(super) async fn show(
    config: &Config,
    wanted: Announcements,
    lang: Lang,
) -> Result<(), Failure> {
    let mut line = DeskLine::new(config)?;
    let json = wanted.json;
    let manner = Manner { json, lang };
    let Some(number) = wanted.number else {
        let Answer::Announcements(all) = line.ask(Ask::Announcements).await? else {
            return Err(NotCarriedOut::OtherVersion.into());
        };
        render::list(&all, manner);
        return Ok(());
    };
    let Answer::Announcement(facts) = line.ask(Ask::ShowAnnouncement { number }).await? else {
        return Err(NotCarriedOut::OtherVersion.into());
    };
    let mut readers = Vec::new();
    let mut after = Some(AccountId(0));
    while let Some(last) = after {
        let ask = Ask::Readers {
            number,
            after: last,
        };
        let Answer::Readers(page) = line.ask(ask).await? else {
            return Err(NotCarriedOut::OtherVersion.into());
        };
        readers.extend(page.readers);
        after = page.after.filter(|next| *next > last);
    }
    render::proof(&facts, &readers, manner);
    Ok(())
}
