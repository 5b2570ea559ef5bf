//! A class on this computer: the rendezvous that lies beside this program is started, and whoever starts it is its admin.
//!
//! Called by the window. The rendezvous is a process of its own, which goes on when this one ends or dies, until
//! [`Class::stop`]; it is found again by the lock of its database and the line in which it said that it was ready.

mod failure;
mod process;
mod settings;

pub use failure::NotStarted;

use hutong_common::id::ServerId;
use hutong_common::invite::{Invite, check_name};
use hutong_common::limits::INVITE_HOSTS_MAX;
use hutong_common::refusal::Refusal;
use hutong_common::text::Lang;
use hutong_engine::api::command::{Login, Register, Secret};
use hutong_engine::api::{Command, Done, Failure};
use hutong_engine::engine::Engine;
use process::Ready;
use settings::Settings;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Where a class has its folder, and which program serves it.
#[derive(Clone, Debug)]
pub struct Class {
    folder: PathBuf,
    program: Option<PathBuf>,
}

/// What somebody wants who starts a class.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// What the class is called; one that exists keeps its name when this is none.
    pub name: Option<String>,
    /// Login of the teacher.
    pub login: String,
    /// Password of the teacher.
    pub password: Secret,
    /// Display name of the teacher; the login when left out.
    pub display_name: Option<String>,
    /// How the rendezvous is started.
    pub serve: Serve,
}

/// How the rendezvous is started.
#[derive(Clone, Copy, Debug)]
pub struct Serve {
    /// Where it listens; where it did last, or at its usual port, when left out. Port 0 takes a free one.
    pub listen: Option<SocketAddr>,
    /// Whether others find it by themselves.
    pub mdns: bool,
    /// Whether it starts although the clock is before the last change, or long after it.
    pub accept_clock: bool,
    /// In which language it says why it does not start.
    pub lang: Lang,
}

/// What others need to join.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// What the class is called.
    pub name: String,
    /// The link that carries the key.
    pub invite: String,
    /// Where it is reached, `host:port`, best first.
    pub hosts: Vec<String>,
    /// What people compare.
    pub fingerprint: String,
    /// Its key.
    pub server: ServerId,
    /// Where programs on this computer reach it.
    pub control: SocketAddr,
}

impl Class {
    /// The class of this home: in a folder beside it, which signing out leaves alone.
    pub fn of(home: &Path) -> Self {
        let mut name = home.file_name().unwrap_or_default().to_owned();
        name.push("-class");
        Self {
            folder: home.with_file_name(name),
            program: None,
        }
    }

    /// The same with a program that does not lie beside this one.
    #[must_use]
    pub fn served_by(self, program: PathBuf) -> Self {
        Self {
            program: Some(program),
            ..self
        }
    }

    /// Whether there was one before.
    pub fn exists(&self) -> bool {
        Settings::path(&self.folder).exists()
    }

    /// Whether there was one before that was stopped on purpose, and not started since.
    pub fn rests(&self) -> bool {
        self.exists() && self.rest_mark().exists() && process::running(&self.folder).is_none()
    }

    /// Lies in the folder from a stop to the next start.
    fn rest_mark(&self) -> PathBuf {
        self.folder.join("stopped")
    }

    /// Notes that it was stopped on purpose, or runs; without the note it starts with the next window.
    fn mark(&self, rests: bool) {
        let marked = if rests {
            std::fs::write(self.rest_mark(), "")
        } else {
            std::fs::remove_file(self.rest_mark())
        };
        if let Err(error) = marked
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "whether the class was stopped is not noted");
        }
    }

    /// The class, when it runs: also one that an earlier run of this program started.
    pub fn running(&self) -> Option<Open> {
        process::running(&self.folder)?.open()
    }

    /// Starts the class, or finds it running, and signs its teacher in: the first one is registered as its admin.
    ///
    /// # Errors
    /// [`NotStarted`]. A rendezvous that runs by then goes on.
    pub async fn start(&self, engine: &Engine, wanted: Wanted) -> Result<Open, NotStarted> {
        if !self.exists() && engine.run(Command::Whoami).await.is_ok() {
            return Err(NotStarted::SignedInElsewhere);
        }
        let ready = match process::running(&self.folder) {
            Some(ready) => ready,
            None => self.launch(&wanted).await?,
        };
        let open = ready.open().ok_or(NotStarted::NotReady)?;
        sign_in(engine, &wanted, (&self.folder, &ready, &open)).await?;
        Ok(open)
    }

    /// Starts a class that existed before, and signs nobody in.
    ///
    /// # Errors
    /// [`NotStarted`].
    pub async fn resume(&self, serve: Serve) -> Result<Open, NotStarted> {
        let ready = match process::running(&self.folder) {
            Some(ready) => ready,
            None => {
                let settings = Settings::read(&self.folder)?;
                self.serve(settings, serve).await?
            }
        };
        ready.open().ok_or(NotStarted::NotReady)
    }

    /// Tells the rendezvous to stop, and waits until it has taken leave of everybody. Says whether it is gone.
    pub async fn stop(&self) -> bool {
        let is_gone = process::stop(&self.folder).await;
        if is_gone && self.exists() {
            self.mark(true);
        }
        is_gone
    }

    async fn launch(&self, wanted: &Wanted) -> Result<Ready, NotStarted> {
        let mut settings = Settings::read(&self.folder)?;
        if let Some(name) = &wanted.name {
            check_name(name).map_err(|_| NotStarted::BadName)?;
            settings.name = Some(name.clone());
        }
        self.serve(settings, wanted.serve).await
    }

    async fn serve(&self, mut settings: Settings, serve: Serve) -> Result<Ready, NotStarted> {
        let program = match &self.program {
            Some(program) => program.clone(),
            None => process::find_program().ok_or(NotStarted::NoProgram)?,
        };
        settings.listen = serve.listen.or(settings.listen);
        settings.write(&self.folder)?;
        let ready = process::launch(&program, &self.folder, serve).await?;
        self.mark(false);
        // Links that were handed out name this port: it is taken again next time.
        if let Some(listen) = &mut settings.listen
            && listen.port() == 0
        {
            listen.set_port(ready.control.port());
            settings.write(&self.folder)?;
        }
        Ok(ready)
    }
}

impl Ready {
    /// What it said, for people.
    fn open(&self) -> Option<Open> {
        let invite: Invite = self.invite.parse().ok()?;
        Some(Open {
            name: invite.name().to_owned(),
            invite: self.invite.clone(),
            hosts: invite.hosts().to_vec(),
            fingerprint: self.fingerprint.clone(),
            server: invite.server(),
            control: self.control,
        })
    }
}

/// Registers the first one with the owner code; signs in whoever comes again.
async fn sign_in(
    engine: &Engine,
    wanted: &Wanted,
    (folder, ready, open): (&Path, &Ready, &Open),
) -> Result<(), NotStarted> {
    if let Ok(Done::Whoami(whoami)) = engine.run(Command::Whoami).await {
        let is_here = whoami.server_id == open.server.to_string();
        return if is_here {
            Ok(())
        } else {
            Err(NotStarted::SignedInElsewhere)
        };
    }
    let server = link(open).ok_or(NotStarted::NotReady)?;
    let Some(code) = &ready.owner_code else {
        return answered(engine.run(again(wanted, server)).await);
    };
    let register = Command::Register(Register {
        login: wanted.login.clone(),
        password: wanted.password.clone(),
        name: wanted.display_name.clone(),
        sex: None,
        code: Some(code.clone()),
        server: Some(server.clone()),
        accept_new_server: true,
        seat: Some(false),
        avatar: None,
    });
    let registered = engine.run(register).await;
    let is_used_up = matches!(registered, Err(Failure::Refused(Refusal::InviteNeeded)));
    if (registered.is_ok() || is_used_up)
        && let Err(error) = process::forget_code(folder)
    {
        tracing::warn!(%error, "the code that is used up stays in the folder of the class");
    }
    if is_used_up {
        return answered(engine.run(again(wanted, server)).await);
    }
    answered(registered)
}

fn answered(answer: Result<Done, Failure>) -> Result<(), NotStarted> {
    answer.map(drop).map_err(NotStarted::Account)
}

fn again(wanted: &Wanted, server: String) -> Command {
    Command::Login(Login {
        login: wanted.login.clone(),
        password: wanted.password.clone(),
        server: Some(server),
        accept_new_server: true,
        seat: Some(false),
    })
}

/// The link for this computer: by way of itself first, which stays right wherever it is carried.
fn link(open: &Open) -> Option<String> {
    let mut hosts = vec![open.control.to_string()];
    hosts.extend(open.hosts.iter().cloned());
    hosts.truncate(INVITE_HOSTS_MAX);
    let invite = Invite::new(hosts, open.server, None, open.name.clone()).ok()?;
    Some(invite.to_string())
}
