//! The commands about the audit log.

use super::accounts::Manner;
use super::desk_line::DeskLine;
use crate::admin::{Answer, Ask};
use crate::args::{Audit, AuditCommand};
use crate::clock;
use crate::config::Config;
use crate::failure::{Failure, NotCarriedOut};
use crate::render::audit as render;
use hutong_common::text::Lang;

pub(super) async fn audit(config: &Config, audit: Audit, lang: Lang) -> Result<(), Failure> {
    let mut line = DeskLine::new(config)?;
    if let Some(AuditCommand::Verify { json }) = audit.command {
        return verify(&mut line, Manner { json, lang }).await;
    }
    let json = audit.json;
    let since_ms = audit.since.map_or(0, |since| since.at_ms(clock::now_ms()));
    let mut after = Some(0);
    while let Some(last) = after {
        let ask = Ask::Audit {
            after: last,
            since_ms,
        };
        let Answer::Audit(page) = line.ask(ask).await? else {
            return Err(NotCarriedOut::OtherVersion.into());
        };
        for entry in &page.entries {
            render::entry(entry, Manner { json, lang });
        }
        after = page.after.filter(|next| *next > last);
    }
    Ok(())
}

async fn verify(line: &mut DeskLine<'_>, manner: Manner) -> Result<(), Failure> {
    let Answer::Proof(proof) = line.ask(Ask::ProveAudit).await? else {
        return Err(NotCarriedOut::OtherVersion.into());
    };
    render::proof(&proof, manner);
    match proof.broken {
        Some(row) => Err(Failure::AuditBroken { row }),
        None => Ok(()),
    }
}
