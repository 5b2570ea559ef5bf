//! An invented class on this machine, into which a newcomer can look through a window: `./justw gui-demo`.
//!
//! Everything is played by the real programs on loopback. Only the times of old messages are moved into the past, in the
//! home of the one whose window it is.

mod life;
pub(crate) mod painted;
mod past;
mod setting;
mod windows;

pub use windows::{Windows, stay_open};

use crate::driver::{Agent, Programs, Rendezvous, is_interrupted};
use crate::tongue::Tongue;
use anyhow::{Context, ensure};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Where the address of the rendezvous is kept for the next time.
const ADDRESS_FILE: &str = "address";
/// Nothing but loopback is used.
const ALONE: [&str; 3] = ["--no-mdns", "--bind", "127.0.0.1"];

/// The folder of a class, with its programs.
#[derive(Clone, Debug)]
struct Place {
    programs: Programs,
    folder: PathBuf,
}

impl Place {
    fn home(&self, login: &str) -> PathBuf {
        self.folder.join(login)
    }

    fn agent(&self, login: &str) -> anyhow::Result<Agent> {
        Agent::start(&self.programs, &self.home(login), &ALONE)
    }

    fn rendezvous(&self, listen: &str) -> anyhow::Result<Rendezvous> {
        let data = self.folder.join("rendezvous");
        Rendezvous::start(&self.programs, &data, listen, &["--no-mdns"])
    }
}

/// Opens the window in a class in `kept`, or in a folder that is gone afterwards. Returns when it is closed.
///
/// # Errors
/// When a program is missing or something does not happen in time.
pub fn visit(kept: Option<&Path>) -> anyhow::Result<()> {
    let programs = Programs::built()?;
    let windows = Windows::possible(&programs).context(
        "there is no display, or hutong-desktop is not built: `./justw gui-demo` builds it",
    )?;
    let temporary = tempfile::Builder::new().prefix("hutong-").tempdir()?;
    let folder = kept.unwrap_or(temporary.path());
    fs::create_dir_all(folder)?;
    let folder = fs::canonicalize(folder)?;
    let place = Place { programs, folder };
    let address_file = place.folder.join(ADDRESS_FILE);
    let (_server, mut lively) = match fs::read_to_string(&address_file) {
        Ok(address) => come_back(&place, address.trim())?,
        Err(_) => {
            let is_empty = fs::read_dir(&place.folder)?.next().is_none();
            ensure!(is_empty, "{} is not empty", place.folder.display());
            say(
                "A class of twelve comes together …",
                "十二个人的班级正在到齐……",
            );
            let (server, lively) = setting::furnish(&place)?;
            fs::write(&address_file, server.control()?)?;
            (server, lively)
        }
    };
    say(
        "The window is open; closing it ends everything.",
        "窗口已打开，关闭窗口即全部结束。",
    );
    let home = place.home(hutong_fixtures::classroom::ME.login);
    let window = windows.open(&home)?;
    life::live(&place, &mut lively, window)
}

fn come_back(place: &Place, address: &str) -> anyhow::Result<(Rendezvous, Vec<Agent>)> {
    let server = place.rendezvous(address)?;
    let lively = hutong_fixtures::classroom::LIVELY.iter();
    let lively: anyhow::Result<_> = lively.map(|pupil| place.agent(pupil.login)).collect();
    Ok((server, lively?))
}

/// One line for whoever waits before the terminal.
fn say(english: &str, chinese: &str) {
    if !is_interrupted() {
        // Whoever reads this may have closed the pipe.
        let _ = writeln!(
            std::io::stdout(),
            "{}",
            Tongue::of_system().pick(english, chinese)
        );
    }
}
