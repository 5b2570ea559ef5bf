//! What is done outside the window: with the engine, or aside of it.

use super::Inlet;
use super::class::Keeper;
use crate::input::intent::Go;
use crate::input::{Effect, Ending, Input, Intent, Purpose, Weight};
use crate::model::prefs::{self, Prefs};
use crate::platform::Notices;
use druid::ArcStr;
use druid::im::Vector;
use hutong_engine::api::Command;
use hutong_engine::engine::{Asker, Engine, EngineConfig};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use tokio::task::spawn_blocking;

/// Where files go that came here, in the home.
const DOWNLOADS: &str = "downloads";
/// So many tables of one name may lie there.
const SAME_NAMES: u32 = 99;

/// Does what needs an engine, and has the rest done.
pub(super) struct Performer<'a> {
    engine: Engine,
    asker: Asker,
    config: &'a EngineConfig,
    asked: Mutex<Asked>,
    aside: &'a Aside,
}

/// Does what needs none.
pub(super) struct Aside {
    home: PathBuf,
    inlet: Inlet,
    notices: Notices,
}

/// What was asked and not answered.
#[derive(Default)]
struct Asked {
    last: u64,
    purposes: BTreeMap<u64, Purpose>,
}

impl Aside {
    pub(super) fn new(home: PathBuf, inlet: Inlet) -> Self {
        let clicks = inlet.clone();
        Self {
            home,
            inlet,
            notices: Notices::start(move |leads_to| {
                let go = |go| Input::Intent(Intent::Go(go));
                clicks.push(go(Go::Front));
                clicks.push(go(leads_to));
            }),
        }
    }

    /// Does it, or hands back what only an engine can do.
    pub(super) fn perform(&self, effect: Effect) -> Option<Effect> {
        match effect {
            Effect::Keep(prefs) => {
                let home = self.home.clone();
                spawn_blocking(move || keep(&home, &prefs));
            }
            Effect::Notify(notice) => self.notices.tell(notice),
            Effect::Weigh(with, paths) => {
                let inlet = self.inlet.clone();
                spawn_blocking(move || inlet.push(Input::Weighed(weigh(with, paths))));
            }
            Effect::Save(name, text) => {
                let (inlet, folder) = (self.inlet.clone(), self.home.join(DOWNLOADS));
                spawn_blocking(move || {
                    let saved = save(&folder, &name, &text);
                    inlet.push(Input::Saved(saved.map_err(|error| error.to_string())));
                });
            }
            Effect::Open(path) => opened(move || opener::open(path)),
            Effect::Reveal(path) => opened(move || opener::reveal(path)),
            Effect::Follow(link) => opened(move || opener::open_browser(link)),
            Effect::Later(time, tick) => {
                let inlet = self.inlet.clone();
                tokio::spawn(async move {
                    tokio::time::sleep(time).await;
                    inlet.push(Input::Tick(tick));
                });
            }
            Effect::Ask(..) | Effect::Class(..) | Effect::Quit => return Some(effect),
        }
        None
    }
}

impl<'a> Performer<'a> {
    pub(super) fn new(
        (engine, asker): (Engine, Asker),
        config: &'a EngineConfig,
        aside: &'a Aside,
    ) -> Self {
        Self {
            engine,
            asker,
            config,
            asked: Mutex::default(),
            aside,
        }
    }

    /// Why this was asked; once.
    pub(super) fn purpose(&self, tag: u64) -> Option<Purpose> {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.purposes.remove(&tag)
    }

    /// Whatever was asked and will not be answered any more.
    pub(super) fn purposes(&self) -> impl Iterator<Item = Purpose> + use<> {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut asked.purposes).into_values()
    }

    pub(super) async fn perform(&self, effect: Effect) {
        match self.aside.perform(effect) {
            Some(Effect::Ask(purpose, command)) => self.ask(purpose, command).await,
            Some(Effect::Class(wish, lang)) => {
                let keeper = Keeper {
                    engine: self.engine.clone(),
                    config: self.config.clone(),
                    inlet: self.aside.inlet.clone(),
                };
                keeper.perform(wish, lang).await;
            }
            Some(Effect::Quit) => {
                hutong_host::farewell(&self.engine).await;
                self.aside.inlet.push(Input::Ended(Ending::Stopped));
            }
            Some(
                Effect::Keep(_)
                | Effect::Notify(_)
                | Effect::Weigh(..)
                | Effect::Save(..)
                | Effect::Open(_)
                | Effect::Reveal(_)
                | Effect::Follow(_)
                | Effect::Later(..),
            )
            | None => (),
        }
    }

    async fn ask(&self, purpose: Purpose, command: Command) {
        let tag = {
            let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
            asked.last += 1;
            let tag = asked.last;
            asked.purposes.insert(tag, purpose);
            tag
        };
        if self.asker.ask(tag, command).await.is_err() {
            self.purpose(tag);
        }
    }
}

fn opened(open: impl FnOnce() -> Result<(), opener::OpenError> + Send + 'static) {
    spawn_blocking(move || {
        if let Err(error) = open() {
            tracing::warn!(%error, "nothing opens this");
        }
    });
}

/// Writes a table beside whatever lies there.
fn save(folder: &Path, name: &str, text: &str) -> io::Result<PathBuf> {
    std::fs::create_dir_all(folder)?;
    let mut last = io::Error::from(io::ErrorKind::AlreadyExists);
    for number in 1..=SAME_NAMES {
        let name = match number {
            1 => format!("{name}.csv"),
            _ => format!("{name} ({number}).csv"),
        };
        let path = folder.join(name);
        match std::fs::File::create_new(&path) {
            Ok(mut file) => {
                file.write_all(text.as_bytes())?;
                return Ok(path);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => last = error,
            Err(error) => return Err(error),
        }
    }
    Err(last)
}

/// What is not there weighs nothing: sending it says what is wrong.
fn weigh(with: ArcStr, paths: Vector<PathBuf>) -> Weight {
    let sizes = paths
        .iter()
        .map(|path| std::fs::metadata(path).map_or(0, |file| file.len()));
    let sizes: Vec<u64> = sizes.collect();
    Weight {
        with,
        size: sizes
            .iter()
            .fold(0, |sum: u64, size| sum.saturating_add(*size)),
        largest: sizes.into_iter().max().unwrap_or_default(),
        paths,
    }
}

/// Replaces the file, so that a crash leaves the old one or the new one.
fn keep(home: &Path, prefs: &Prefs) {
    let kept = || -> io::Result<()> {
        let unfinished = home.join(prefs::FILE).with_extension("new");
        std::fs::write(&unfinished, prefs.to_toml())?;
        std::fs::rename(&unfinished, home.join(prefs::FILE))
    };
    if let Err(error) = kept() {
        tracing::warn!(%error, "the preferences are not kept");
    }
}
