//! The network's thread: hands what the core decided to whoever does it, and holds what the tasks share.
//!
//! Called by the driver through a queue of [`Deed`]s. It never waits for the core; only its tasks do.

use super::discovery::Discovery;
use super::doctor::Doctor;
use super::driver::Inputs;
use super::files::Files;
use super::links::Links;
use super::pictures::Pictures;
use super::relays::Relays;
use super::server_link::ServerLink;
use crate::core::io::{
    DoctorOutput, FileOutput, Input, LinkOutput, PictureOutput, RelayOutput, ServerOutput,
};
use crate::core::stretch::StretchJob;
use hutong_common::limits::STOP_LINKS_MS;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// An output of the core that concerns the network or a slow computation.
#[derive(Debug)]
pub(super) enum Deed {
    Server(ServerOutput),
    Link(LinkOutput),
    Relay(RelayOutput),
    File(FileOutput),
    Picture(PictureOutput),
    Doctor(DoctorOutput),
    Announce(Option<[u8; 8]>),
    Stretch(Box<StretchJob>),
    /// End all downloads and let go of their files, and of pictures, then say so.
    LetGo(oneshot::Sender<()>),
}

/// Everything that runs on the network's thread.
#[derive(Debug)]
pub(super) struct Net {
    pub(super) inputs: Inputs,
    pub(super) server: ServerLink,
    pub(super) links: Links,
    pub(super) relays: Relays,
    pub(super) files: Files,
    pub(super) pictures: Pictures,
    pub(super) doctor: Doctor,
    pub(super) discovery: Discovery,
}

impl Net {
    /// Runs until the driver has ended, then closes everything politely.
    pub(super) async fn run(mut self, mut deeds: mpsc::Receiver<Deed>) {
        loop {
            tokio::select! {
                biased;
                deed = deeds.recv() => match deed {
                    Some(deed) => self.perform(deed),
                    None => break,
                },
                () = self.links.tend() => {}
                () = self.relays.tend() => {}
            }
        }
        let close = async {
            self.discovery.close().await;
            tokio::join!(self.server.close(), self.links.close());
        };
        if tokio::time::timeout(Duration::from_millis(STOP_LINKS_MS), close)
            .await
            .is_err()
        {
            tracing::debug!("some connections were not closed in time");
        }
    }

    fn perform(&mut self, deed: Deed) {
        match deed {
            Deed::Server(output) => self.server.perform(output),
            Deed::Link(output) => {
                // A session was granted to whoever this device was then.
                if matches!(output, LinkOutput::Identity(_)) {
                    self.relays.leave_all();
                }
                self.links.perform(output);
            }
            Deed::Relay(output) => self.relays.perform(output),
            Deed::File(output) => {
                let links = &self.links;
                self.files.perform(output, |link| links.connection(link));
            }
            Deed::Announce(tag) => self.discovery.announce(tag),
            Deed::Stretch(job) => self.stretch(job),
            Deed::Picture(output) => self.pictures.perform(output),
            Deed::Doctor(output) => self.doctor.perform(output),
            Deed::LetGo(done) => self.files.let_go(self.pictures.idle(), done),
        }
    }

    fn stretch(&self, job: Box<StretchJob>) {
        let inputs = self.inputs.clone();
        tokio::spawn(async move {
            match tokio::task::spawn_blocking(move || job.run()).await {
                Ok(stretched) => inputs.send(Input::Stretched(Box::new(stretched))).await,
                Err(error) => tracing::error!(%error, "a password could not be stretched"),
            }
        });
    }
}
