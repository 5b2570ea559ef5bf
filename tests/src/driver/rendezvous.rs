//! A running `rendezvous serve`.

use super::deadline::Deadline;
use super::light::ControlPort;
use super::process::{Process, Programs};
use anyhow::Context;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

const READY_TIMEOUT: Duration = Duration::from_secs(30);

/// A rendezvous that serves, on a data folder of its own.
#[derive(Debug)]
pub struct Rendezvous {
    programs: Programs,
    data: PathBuf,
    listen: String,
    options: Vec<String>,
    process: Process,
    ready: Value,
}

impl Rendezvous {
    /// Starts one on `data`, whose people meet only as they choose, and waits until it serves. `options` go to `serve`.
    ///
    /// # Errors
    /// When it does not serve in time.
    pub fn start(
        programs: &Programs,
        data: &Path,
        listen: &str,
        options: &[&str],
    ) -> anyhow::Result<Self> {
        let options = [options, &["--no-everybody"]].concat();
        Self::as_it_is(programs, data, listen, &options)
    }

    /// Starts one on `data` as everybody starts it, with a class into which every account comes.
    ///
    /// # Errors
    /// When it does not serve in time.
    pub fn as_it_is(
        programs: &Programs,
        data: &Path,
        listen: &str,
        options: &[&str],
    ) -> anyhow::Result<Self> {
        let options: Vec<String> = options.iter().map(ToString::to_string).collect();
        let (process, ready) = launch(programs, data, listen, &options)?;
        Ok(Self {
            programs: programs.clone(),
            data: data.to_path_buf(),
            listen: listen.to_owned(),
            options,
            process,
            ready,
        })
    }

    /// A field of the ready line.
    ///
    /// # Errors
    /// When it is not there or no text.
    pub fn told(&self, field: &str) -> anyhow::Result<&str> {
        let told = self.ready.get(field).and_then(Value::as_str);
        told.with_context(|| format!("`{field}` in the ready line {}", self.ready))
    }

    /// The invite link.
    ///
    /// # Errors
    /// When it told none.
    pub fn invite(&self) -> anyhow::Result<&str> {
        self.told("invite")
    }

    /// The address of the control port.
    ///
    /// # Errors
    /// When it told none.
    pub fn control(&self) -> anyhow::Result<&str> {
        self.told("control")
    }

    /// Where clients without an engine connect.
    ///
    /// # Errors
    /// When it told no address or id.
    pub fn port(&self) -> anyhow::Result<ControlPort> {
        Ok(ControlPort {
            address: self.control()?.parse()?,
            server: self.told("server_id")?.parse()?,
        })
    }

    /// Its data folder.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The operating system's number for it.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Kills it (SIGKILL).
    ///
    /// # Errors
    /// When it cannot be killed.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        self.process.kill()
    }

    /// Starts it again on the same folder and the same port.
    ///
    /// # Errors
    /// When it does not serve in time.
    pub fn restart(&mut self) -> anyhow::Result<()> {
        self.process.kill()?;
        self.listen = self.control()?.to_owned();
        let started = launch(&self.programs, &self.data, &self.listen, &self.options)?;
        (self.process, self.ready) = started;
        Ok(())
    }

    /// Runs a second one on the same data folder to its end.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn second_on_the_same_data(&self) -> anyhow::Result<Output> {
        Ok(serve(&self.programs, &self.data, "127.0.0.1:0", &self.options).output()?)
    }
}

fn serve(programs: &Programs, data: &Path, listen: &str, options: &[String]) -> Command {
    let mut command = programs.command("rendezvous");
    command.args(["serve", "--listen", listen, "--data"]);
    command.arg(data).args(options);
    command
}

fn launch(
    programs: &Programs,
    data: &Path,
    listen: &str,
    options: &[String],
) -> anyhow::Result<(Process, Value)> {
    let log = data.with_extension("log");
    let mut command = serve(programs, data, listen, options);
    let process = Process::start("rendezvous", &mut command, log)?;
    let ready = process.next("ready line", Deadline::after(READY_TIMEOUT))?;
    anyhow::ensure!(ready["ready"] == true, "not a ready line: {ready}");
    Ok((process, ready))
}
