//! The core's own thread, which is also the only writer of the home's database.
//!
//! Takes inputs in small batches, hands them to the core inside one transaction, commits, and only then performs the
//! outputs in order. It may wait for the network's thread, which never waits for it. When the database fails, that is told,
//! every command is answered `storage` from then on, and nothing more leaves this computer.

use super::audience::{Audience, ListenerId, Queued, ReplyTo};
use super::clock::Clock;
use super::home::Folders;
use super::net::Deed;
use crate::api::event::WarningCode;
use crate::api::{Command, Event, Failure};
use crate::core::io::{Input, Output};
use crate::core::{Context, Core, CoreConfig};
use crate::store::home::ScrubRow;
use crate::store::{Store, StoreError};
use hutong_common::entropy::OsEntropy;
use hutong_common::limits::{INPUT_BATCH_MAX, SCRUB_WAIT_MS, STOP_OUTBOX_MS};
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// What waits for the core's thread.
#[derive(Debug)]
pub(super) enum Work {
    /// Something happened outside.
    Input(Input),
    /// Somebody wants something.
    Command(Command, ReplyTo),
    /// Somebody wants to know everything from now on.
    Listen(ListenerId, mpsc::Sender<Queued>),
    /// Hand over what is under way, then end; dropped when the home is free.
    Stop(oneshot::Sender<Infallible>),
}

/// The way of the network's tasks to the core: waits when the core is behind.
#[derive(Clone, Debug)]
pub(super) struct Inputs(mpsc::Sender<Work>);

impl Inputs {
    pub(super) const fn new(work: mpsc::Sender<Work>) -> Self {
        Self(work)
    }

    pub(super) async fn send(&self, input: Input) {
        // Fails only when the core's thread has ended: nobody is left to be told.
        self.0.send(Work::Input(input)).await.ok();
    }

    /// For reports that may be left out.
    pub(super) fn offer(&self, input: Input) {
        self.0.try_send(Work::Input(input)).ok();
    }
}

/// The core with what it runs on.
#[derive(Debug)]
pub(super) struct Driver {
    store: Store,
    folders: Folders,
    core: Core,
    clock: Clock,
    audience: Audience,
    deeds: mpsc::Sender<Deed>,
    /// Performed before anything else: what the core said while it was opened.
    opening: Vec<Output>,
}

/// Ends of the channels that tell the driver what to do.
#[derive(Debug)]
pub(super) struct Orders {
    pub(super) work: mpsc::Receiver<Work>,
    /// Closed when the last handle of the engine is gone.
    pub(super) handles: mpsc::Receiver<Infallible>,
}

#[derive(Debug, Default)]
struct Stopping {
    deadline_ms: Option<u64>,
    waiting: Vec<oneshot::Sender<Infallible>>,
}

impl Driver {
    pub(super) fn open(
        (store, folders): (Store, Folders),
        config: CoreConfig,
        clock: Clock,
        deeds: mpsc::Sender<Deed>,
    ) -> Result<Self, StoreError> {
        let mut tx = store.begin();
        let mut opening = Vec::new();
        let cx = &mut Context {
            now: clock.now(),
            entropy: &mut OsEntropy,
            tx: &mut tx,
            out: &mut opening,
        };
        let core = Core::open(config, cx)?;
        tx.commit()?;
        Ok(Self {
            store,
            folders,
            core,
            clock,
            audience: Audience::default(),
            deeds,
            opening,
        })
    }

    pub(super) fn add_listener(&mut self, id: ListenerId, queue: mpsc::Sender<Queued>) {
        self.audience.add(id, queue);
    }

    /// Runs until it is told to stop or nobody holds the engine any more; returns who waits for the home to be free.
    pub(super) async fn run(mut self, mut orders: Orders) -> Vec<oneshot::Sender<Infallible>> {
        let mut stopping = Stopping::default();
        let mut outputs = Ok(std::mem::take(&mut self.opening));
        loop {
            let performed = match outputs {
                Ok(outputs) => self.perform(outputs).await,
                Err(error) => Err(error),
            };
            if let Err(error) = performed {
                tracing::error!(%error, "the home's database failed; the engine stops");
                return self.refuse_everything(&error, orders, stopping).await;
            }
            if self.may_end(&stopping) {
                return stopping.waiting;
            }
            let inputs = self.next_inputs(&mut orders, &mut stopping).await;
            outputs = self.handle(inputs);
        }
    }

    fn may_end(&self, stopping: &Stopping) -> bool {
        stopping.deadline_ms.is_some_and(|deadline_ms| {
            self.audience.is_handed_over() || self.clock.mono_ms() >= deadline_ms
        })
    }

    /// Waits for the first input or deadline, then takes what else is there.
    async fn next_inputs(&mut self, orders: &mut Orders, stopping: &mut Stopping) -> Vec<Input> {
        let mut inputs = Vec::new();
        let deadline_ms = [self.core.deadline_ms(), stopping.deadline_ms]
            .into_iter()
            .flatten()
            .min();
        let pause = deadline_ms.map(|at_ms| self.clock.until(at_ms));
        let wait = async {
            match pause {
                Some(pause) => tokio::time::sleep(pause).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            Some(work) = orders.work.recv() => self.take(work, &mut inputs, stopping),
            None = orders.handles.recv(), if stopping.deadline_ms.is_none() => self.stop(stopping),
            () = wait => {}
        }
        while inputs.len() < INPUT_BATCH_MAX {
            match orders.work.try_recv() {
                Ok(work) => self.take(work, &mut inputs, stopping),
                Err(_) => break,
            }
        }
        let is_due = self
            .core
            .deadline_ms()
            .is_some_and(|at_ms| at_ms <= self.clock.mono_ms());
        if is_due {
            inputs.push(Input::Deadline);
        }
        inputs
    }

    fn take(&mut self, work: Work, inputs: &mut Vec<Input>, stopping: &mut Stopping) {
        match work {
            Work::Input(input) => inputs.push(input),
            Work::Command(command, reply) => {
                inputs.push(Input::Command(self.audience.expect(reply), command));
            }
            Work::Listen(id, queue) => self.audience.add(id, queue),
            Work::Stop(waiting) => {
                stopping.waiting.push(waiting);
                self.stop(stopping);
            }
        }
    }

    fn stop(&self, stopping: &mut Stopping) {
        let deadline_ms = self.clock.mono_ms() + STOP_OUTBOX_MS;
        stopping.deadline_ms.get_or_insert(deadline_ms);
    }

    fn handle(&mut self, inputs: Vec<Input>) -> Result<Vec<Output>, StoreError> {
        let mut outputs = Vec::new();
        let mut tx = self.store.begin();
        for input in inputs {
            let cx = &mut Context {
                now: self.clock.now(),
                entropy: &mut OsEntropy,
                tx: &mut tx,
                out: &mut outputs,
            };
            self.core.handle(input, cx)?;
        }
        tx.commit()?;
        Ok(outputs)
    }

    async fn perform(&mut self, outputs: Vec<Output>) -> Result<(), StoreError> {
        for output in outputs {
            let deed = match output {
                Output::Answer(id, result) => {
                    self.audience.answer(id, result);
                    continue;
                }
                Output::Event(event) => {
                    self.audience.tell(&event);
                    continue;
                }
                Output::Server(output) => Deed::Server(output),
                Output::Link(output) => Deed::Link(output),
                Output::Relay(output) => Deed::Relay(output),
                Output::File(output) => Deed::File(output),
                Output::Picture(output) => Deed::Picture(output),
                Output::Doctor(output) => Deed::Doctor(output),
                Output::Announce(tag) => Deed::Announce(tag),
                Output::Stretch(job) => Deed::Stretch(job),
                Output::Scrub(what) => {
                    self.scrub(what).await?;
                    continue;
                }
            };
            // The network's thread takes deeds without waiting for anything, so this is never long.
            self.deeds.send(deed).await.ok();
        }
        Ok(())
    }

    async fn scrub(&mut self, what: ScrubRow) -> Result<(), StoreError> {
        let (done, let_go) = oneshot::channel();
        self.deeds.send(Deed::LetGo(done)).await.ok();
        // A transfer that does not end in time loses its files all the same, where the system allows it.
        let limit = Duration::from_millis(SCRUB_WAIT_MS);
        tokio::time::timeout(limit, let_go).await.ok();
        let store = std::mem::replace(&mut self.store, Store::in_memory()?);
        self.store = self.folders.scrub(store, what)?;
        Ok(())
    }

    async fn refuse_everything(
        self,
        error: &StoreError,
        mut orders: Orders,
        mut stopping: Stopping,
    ) -> Vec<oneshot::Sender<Infallible>> {
        let Self {
            store,
            core,
            mut audience,
            deeds,
            ..
        } = self;
        // Links and the rendezvous are left at once: nothing that they would be told is certain any more.
        drop((store, core, deeds));
        let failure = Failure::Storage {
            detail: error.to_string(),
        };
        audience.tell(&Event::warning(WarningCode::Storage, error.to_string()));
        audience.answer_all(&failure);
        while stopping.waiting.is_empty() {
            tokio::select! {
                Some(work) = orders.work.recv() => match work {
                    Work::Command(_, reply) => {
                        let id = audience.expect(reply);
                        audience.answer(id, Err(failure.clone()));
                    }
                    Work::Listen(id, queue) => audience.add(id, queue),
                    Work::Stop(waiting) => stopping.waiting.push(waiting),
                    Work::Input(_) => {}
                },
                None = orders.handles.recv() => break,
            }
        }
        stopping.waiting
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::command::{Register, Secret};
    use crate::core::io::{Attempt, ServerInput};
    use crate::engine::Told;
    use crate::engine::audience::QUEUE;
    use crate::store::disk::Disk;
    use hutong_common::id::ServerId;
    use hutong_common::opaque::Stretch;
    use hutong_common::tls::Exporters;

    fn config() -> CoreConfig {
        CoreConfig {
            home: "/h".into(),
            downloads: "/h/downloads".into(),
            preset: Some("127.0.0.1:7440".to_owned()),
            device_label: String::new(),
            stretch: Stretch::Identity,
            static_peers: Vec::new(),
            plain_keys: true,
            mdns: false,
            seat: false,
            holds_session: false,
            resumes_session: false,
        }
    }

    fn register() -> Command {
        Command::Register(Register {
            login: "lin".to_owned(),
            password: Secret::new("correct horse 7"),
            name: None,
            sex: None,
            code: None,
            server: Some("127.0.0.1:7440".to_owned()),
            accept_new_server: true,
            seat: None,
            avatar: None,
        })
    }

    /// What the listener hears next.
    async fn told(queue: &mut mpsc::Receiver<Queued>) -> Told {
        queue.recv().await.unwrap().told
    }

    #[tokio::test]
    async fn a_disk_that_fails_is_told_and_answers_every_command_with_storage() {
        let disk = Disk::default();
        let store = Store::on(&disk).unwrap();
        let (deeds, _net) = mpsc::channel(64);
        let (work, work_queue) = mpsc::channel(64);
        let (handle, handles) = mpsc::channel(1);
        let clock = Clock::start(0);
        let mut driver =
            Driver::open((store, Folders::of("/h".into())), config(), clock, deeds).unwrap();
        let (queue, mut heard) = mpsc::channel(QUEUE);
        driver.add_listener(ListenerId(1), queue);
        let orders = Orders {
            work: work_queue,
            handles,
        };
        let running = tokio::spawn(driver.run(orders));
        disk.fail();
        let (written, answer) = oneshot::channel();
        let trusted = Input::Server(ServerInput::Up {
            attempt: Attempt(1),
            server: ServerId([7; 32]),
            exporters: Exporters {
                opaque: [0; 32],
                relay: [1; 32],
            },
            local: "127.0.0.1:1".parse().unwrap(),
            host: "127.0.0.1:7440".to_owned(),
        });
        work.send(Work::Command(register(), ReplyTo::Once(written)))
            .await
            .unwrap();
        work.send(Work::Input(trusted)).await.unwrap();
        assert_eq!(answer.await.unwrap().unwrap_err().code(), "storage");
        let warned = async {
            while !matches!(
                told(&mut heard).await,
                Told::Event(Event::Warning {
                    code: WarningCode::Storage,
                    ..
                })
            ) {}
        };
        warned.await;
        let (later, answer) = oneshot::channel();
        work.send(Work::Command(Command::Servers, ReplyTo::Once(later)))
            .await
            .unwrap();
        assert_eq!(answer.await.unwrap().unwrap_err().code(), "storage");
        drop(handle);
        running.await.unwrap();
    }
}
