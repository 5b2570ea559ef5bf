//! What each command of the program does, in the order of its help.
//!
//! Called by `main.rs` only. A command either does what it says or returns the one [`Failure`] that `main.rs` shows.

pub(crate) mod accounts;
mod announcements;
mod audit;
mod desk_line;
mod status;

use crate::admin::{Answer, Ask, InviteWanted};
use crate::args::{self, Account, Args, Command, Device, Invite, Serve};
use crate::config::Config;
use crate::failure::{Failure, NotCarriedOut};
use crate::keys;
use crate::platform::{self, StopSignals};
use crate::render;
use crate::self_check::Finding;
use crate::server::Server;
use accounts::Manner;
use desk_line::DeskLine;
use hutong_common::identity::Fingerprint;
use hutong_common::invite::check_host;
use hutong_common::text::Lang;
use hutong_common::text::rendezvous::Rendezvous;
use std::path::Path;
use tokio::runtime;

/// Runs the command that `args` name.
///
/// # Errors
/// The one thing that kept it from being done.
pub fn run(args: Args, lang: Lang) -> Result<(), Failure> {
    if let Command::Completions { shell } = args.command {
        render::script(&args::completions(shell, lang));
        return Ok(());
    }
    let config = Config::load(&args)?;
    match args.command {
        Command::Serve(serve) => block_on(run_server(config.with(&serve), &serve, lang)),
        Command::Fingerprint => fingerprint(&config.data_folder()?),
        Command::Invite(wanted) => block_on(invite(&config, wanted)),
        Command::CheckConfig => {
            render::data(config.to_toml().trim_end());
            render::limits::limits(&config, lang);
            Ok(())
        }
        Command::Completions { .. } => Ok(()),
        Command::Status { json } => block_on(status::status(&config, Manner { json, lang })),
        Command::Account(Account { json, command }) => {
            block_on(accounts::account(&config, command, Manner { json, lang }))
        }
        Command::Announce(wanted) => block_on(announcements::announce(&config, wanted, lang)),
        Command::Announcements(wanted) => block_on(announcements::show(&config, wanted, lang)),
        Command::Audit(wanted) => block_on(audit::audit(&config, wanted, lang)),
        Command::Device(Device { json, command }) => {
            block_on(accounts::device(&config, command, Manner { json, lang }))
        }
    }
}

fn block_on(command: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = runtime::Builder::new_multi_thread().enable_all().build()?;
    let done = runtime.block_on(command);
    // Whatever is still under way had its time.
    runtime.shutdown_background();
    done
}

async fn run_server(config: Config, serve: &Serve, lang: Lang) -> Result<(), Failure> {
    let server = Server::bind(config, serve.accept_clock).await?;
    // Before anybody is told that it runs, so that no signal falls between.
    let stop = StopSignals::listen()?;
    if platform::is_root() {
        render::sentence(&Rendezvous::IsRoot.say(lang));
    }
    render::ready(server.ready(), lang);
    let found = move |finding: &Finding| render::self_check::finding(finding, lang);
    server.findings().iter().for_each(found);
    let stopping = || render::sentence(&Rendezvous::Stopping.say(lang));
    server.serve_until(stop, stopping, found).await
}

fn fingerprint(folder: &Path) -> Result<(), Failure> {
    let server = keys::server_id(folder)?;
    let server = server.ok_or_else(|| Failure::NeverStarted {
        path: folder.to_owned(),
    })?;
    render::data(&Fingerprint::of(server).to_string());
    Ok(())
}

async fn invite(config: &Config, invite: Invite) -> Result<(), Failure> {
    for host in &invite.hosts {
        check_host(host).map_err(|_| Failure::Host { host: host.clone() })?;
    }
    let wanted = InviteWanted {
        uses: invite.uses,
        days: invite.days,
        hosts: invite.hosts,
    };
    let answer = DeskLine::new(config)?.ask(Ask::Invite(wanted)).await?;
    let Answer::Invite(link) = answer else {
        return Err(NotCarriedOut::OtherVersion.into());
    };
    render::data(&link);
    Ok(())
}
