//! What each command of the program does, in the order of its help.
//!
//! Called by `main.rs` only. A command either does what it says or returns the one [`Failure`] that `main.rs` shows.

use crate::addresses;
use crate::admin::{self, Answer, Ask, InviteWanted};
use crate::args::{self, Args, Command, Invite, Serve};
use crate::clock::context;
use crate::config::Config;
use crate::database::Database;
use crate::failure::Failure;
use crate::invites::Inviting;
use crate::keys::{self, Keys};
use crate::platform;
use crate::render;
use crate::server::Server;
use hutong_common::entropy::OsEntropy;
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
            Ok(())
        }
        Command::Completions { .. } => Ok(()),
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
    render::ready(server.ready(), lang);
    let stopped = async move {
        platform::stop_requested().await?;
        render::sentence(&Rendezvous::Stopping.say(lang));
        Ok(())
    };
    server.serve_until(stopped).await
}

fn fingerprint(folder: &Path) -> Result<(), Failure> {
    let server = keys::server_id(folder)?;
    let server = server.ok_or_else(|| Failure::NeverStarted {
        path: folder.to_owned(),
    })?;
    render::data(&Fingerprint::of(server).to_string());
    Ok(())
}

/// Asks the running rendezvous; when there is none, writes into its database.
async fn invite(config: &Config, invite: Invite) -> Result<(), Failure> {
    let folder = config.data_folder()?;
    for host in &invite.hosts {
        check_host(host).map_err(|_| Failure::Host { host: host.clone() })?;
    }
    if !Database::exists(&folder) {
        return Err(Failure::NeverStarted { path: folder });
    }
    let wanted = InviteWanted {
        uses: invite.uses,
        days: invite.days,
        hosts: invite.hosts,
    };
    let answer = match admin::ask(&folder, &Ask::Invite(wanted.clone())).await? {
        Some(answer) => answer,
        None => invite_offline(config, &folder, &wanted)?,
    };
    match answer {
        Answer::Invite(link) => {
            render::data(&link);
            Ok(())
        }
        Answer::Refused(fault) => Err(Failure::Refused { fault }),
    }
}

/// The rendezvous does not run, so nobody else writes.
fn invite_offline(
    config: &Config,
    folder: &Path,
    wanted: &InviteWanted,
) -> Result<Answer, Failure> {
    let database = Database::open(folder)?;
    let server = Keys::open(folder, false, &mut OsEntropy)?.server_id();
    let inviting = Inviting {
        server,
        name: config.name_for(server),
        hosts: config.hosts_or(|| addresses::hosts(config.listen)),
    };
    let made = database.write(|tx| inviting.invite(wanted, &mut context(tx, &mut OsEntropy)));
    Ok(made.map_or_else(
        |fault| Answer::Refused(fault.to_string()),
        |link| Answer::Invite(link.to_string()),
    ))
}
