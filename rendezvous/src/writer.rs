//! The one thread that writes: it takes what has queued up, handles all of it in one transaction, and lets answers and
//! pushes go only after the commit.
//!
//! Started by `server.rs`, fed by `connection.rs`. A failed commit voids its whole batch: every answer of it is dropped,
//! which the connections take for `busy`. A panic in a handler does the same to the others of its batch. Nothing here
//! decides what a request means.

use crate::client::{Answer, Client, Fault, survive};
use crate::clock::{self, Jump, context};
use crate::database::{Database, Unavailable};
use crate::service::accounts::Effects;
use crate::service::audit::AuditAct;
use crate::service::{Addressed, Context, Outcome, Service};
use crate::sessions::Sessions;
use crate::store::Tx;
use hutong_common::entropy::OsEntropy;
use hutong_common::limits::{TICK_INTERVAL_MS, WRITER_BATCH_MAX, WRITER_QUEUE_MAX};
use hutong_common::rpc::Request;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{MissedTickBehavior, interval};
use tracing::{error, warn};

/// Tells somebody what was stored.
type Tell = Box<dyn FnOnce(&Sessions) + Send>;
type Change = Box<dyn FnOnce(&mut Context<'_>) -> Result<Tell, Unavailable> + Send>;
/// The way back to whoever waits, who learns that nothing was stored when it is dropped.
type WayBack = Box<dyn Send>;

/// What is to be done, in the order in which it was queued.
enum Queued {
    Write(Work),
    Leave(Arc<Client>),
}

/// What is to be done in a transaction.
enum Work {
    Request {
        client: Arc<Client>,
        request: Box<Request>,
        answer: oneshot::Sender<Answer>,
    },
    Change(Change, WayBack),
    Tick,
}

/// What is to be done once its batch is durable.
enum Effect {
    Answer {
        client: Arc<Client>,
        outcome: Box<Outcome>,
        answer: oneshot::Sender<Answer>,
    },
    Tell(Tell),
    Push(Vec<Addressed>),
}

/// The way to the writer; as many as one likes. The thread ends with the last of them.
#[derive(Clone, Debug)]
pub(crate) struct Writer(mpsc::Sender<Queued>);

/// The thread behind it.
struct Loop {
    queue: mpsc::Receiver<Queued>,
    database: Arc<Database>,
    service: Arc<Service>,
    sessions: Arc<Sessions>,
}

impl Writer {
    /// Starts the thread.
    pub(crate) fn start(
        database: Arc<Database>,
        service: Arc<Service>,
        sessions: Arc<Sessions>,
    ) -> io::Result<(Self, JoinHandle<()>)> {
        let (sender, queue) = mpsc::channel(WRITER_QUEUE_MAX);
        let writing = Loop {
            queue,
            database,
            service,
            sessions,
        };
        let thread = Builder::new()
            .name("writer".to_owned())
            .spawn(move || writing.run())?;
        Ok((Self(sender), thread))
    }

    /// Queues a request; the answer comes after its commit, or not at all when nothing was stored.
    pub(crate) async fn request(
        &self,
        client: Arc<Client>,
        request: Request,
    ) -> oneshot::Receiver<Answer> {
        let (answer, answered) = oneshot::channel();
        let request = Box::new(request);
        let work = Work::Request {
            client,
            request,
            answer,
        };
        self.queue(Queued::Write(work)).await;
        answered
    }

    /// Makes a change that no client asked for, and tells others of it once it is stored and before the value is back;
    /// none when nothing was stored.
    pub(crate) async fn change<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Context<'_>) -> Result<(T, Effects), Unavailable> + Send + 'static,
    ) -> Option<T> {
        let (made, stored) = oneshot::channel();
        let made = Arc::new(Mutex::new(Some(made)));
        let way_back = Box::new(Arc::clone(&made));
        let change: Change = Box::new(move |cx| {
            let (value, effects) = change(cx)?;
            Ok(Box::new(move |sessions| {
                sessions.spread(&effects.pushes, &effects.endings);
                let made = made.lock().unwrap_or_else(PoisonError::into_inner).take();
                drop(made.map(|made| made.send(value)));
            }))
        });
        let work = Work::Change(change, way_back);
        self.queue(Queued::Write(work)).await;
        stored.await.ok()
    }

    /// Ends the session of a client, after everything it asked for.
    pub(crate) async fn leave(&self, client: Arc<Client>) {
        self.queue(Queued::Leave(client)).await;
    }

    /// Whether the thread has ended.
    pub(crate) fn is_gone(&self) -> bool {
        self.0.is_closed()
    }

    /// Returns when the thread has ended.
    pub(crate) async fn gone(&self) {
        self.0.closed().await;
    }

    /// Lets the service look, again and again, for what has become due.
    pub(crate) async fn tick(self) {
        let mut ticks = interval(Duration::from_millis(TICK_INTERVAL_MS));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            self.queue(Queued::Write(Work::Tick)).await;
        }
    }

    /// Whoever waits for an answer notices by himself when the thread is gone.
    async fn queue(&self, queued: Queued) {
        if self.0.send(queued).await.is_err() {
            error!("the writer has ended");
        }
    }
}

impl Loop {
    fn run(mut self) {
        while let Some(first) = self.queue.blocking_recv() {
            let (mut batch, mut leaving) = (Vec::new(), Vec::new());
            let mut next = Some(first);
            while let Some(queued) = next {
                match queued {
                    Queued::Write(work) => batch.push(work),
                    Queued::Leave(client) => leaving.push(client),
                }
                let is_full = batch.len() + leaving.len() == WRITER_BATCH_MAX;
                next = if is_full {
                    None
                } else {
                    self.queue.try_recv().ok()
                };
            }
            if !batch.is_empty() {
                self.commit(batch);
            }
            // A client leaves after what it asked for has taken effect, stored or not.
            leaving.iter().for_each(|client| self.leave(client));
        }
    }

    fn leave(&self, client: &Client) {
        if !client.leave(&self.sessions) {
            return;
        }
        match self.database.read(|tx| client.farewell(&self.service, tx)) {
            Ok(pushes) => self.deliver(pushes),
            Err(fault) => error!(%fault, "nobody was told that a client has left"),
        }
    }

    fn commit(&self, batch: Vec<Work>) {
        let mut effects = Vec::with_capacity(batch.len());
        // Nobody hears that nothing was stored before what can be done about it is done.
        let (mut batch, mut void) = (batch.into_iter(), None);
        let write = || {
            self.database.write(|tx| {
                for work in batch.by_ref() {
                    let performed = self.perform(work, tx);
                    effects.push(performed.map_err(|(fault, way_back)| {
                        void = Some(way_back);
                        fault
                    })?);
                }
                Ok(())
            })
        };
        // A panic within the database itself leaves it in a state that nobody knows: it is opened again.
        let stored = catch_unwind(AssertUnwindSafe(write))
            .unwrap_or(Err(Fault::Unavailable(Unavailable::Panicked)));
        match stored {
            Ok(()) => effects.into_iter().for_each(|effect| self.let_go(effect)),
            Err(Fault::Panicked { .. }) => {}
            Err(Fault::Unavailable(fault)) => {
                if self.database.recover(&fault) {
                    let noticed_ms = clock::now_ms();
                    self.service
                        .note_later(AuditAct::DatabaseFailed, "", noticed_ms);
                }
            }
        }
    }

    /// What only the shell notices, before the service looks at what has become due.
    fn look_around(&self) {
        let now_ms = clock::now_ms();
        let (low, changed) = self.database.look_at_space();
        self.service.set_space_low(low);
        if changed {
            let act = if low {
                AuditAct::SpaceLow
            } else {
                AuditAct::SpaceBack
            };
            self.service.note_later(act, "", now_ms);
        }
        let (detail, is_followed) = match clock::take_jump() {
            None => return,
            Some(Jump::Ahead(ms)) => (format!("+{} s", ms / 1000), true),
            Some(Jump::FarAhead(ms)) => (format!("+{} s", ms / 1000), false),
            Some(Jump::Back(ms)) => (format!("-{} s", ms / 1000), false),
        };
        warn!(jump = %detail, is_followed, "the clock of this computer jumped");
        self.service
            .note_later(AuditAct::ClockJumped, &detail, now_ms);
    }

    fn perform(&self, work: Work, tx: &mut Tx) -> Result<Effect, (Fault, WayBack)> {
        match work {
            Work::Request {
                client,
                request,
                answer,
            } => match client.handle(&self.service, *request, tx) {
                Ok(outcome) => Ok(Effect::Answer {
                    client,
                    outcome: Box::new(outcome),
                    answer,
                }),
                Err(fault @ Fault::Unavailable(_)) => Err((fault, Box::new(answer))),
                Err(fault @ Fault::Panicked { incident }) => {
                    // Nobody to tell is no reason to do anything else.
                    let _ = answer.send(Answer::from(fault));
                    Err((Fault::Panicked { incident }, Box::new(())))
                }
            },
            Work::Change(change, way_back) => {
                let changed = survive(|| change(&mut context(tx, &mut OsEntropy)));
                changed.map(Effect::Tell).map_err(|fault| (fault, way_back))
            }
            Work::Tick => {
                self.look_around();
                let ticked = survive(|| Ok(self.service.tick(&mut context(tx, &mut OsEntropy))?));
                let nobody = |fault| (fault, Box::new(()) as WayBack);
                ticked.map(Effect::Push).map_err(nobody)
            }
        }
    }

    fn let_go(&self, effect: Effect) {
        match effect {
            Effect::Answer {
                client,
                outcome,
                answer,
            } => {
                // Nobody to answer any more: what was asked for is stored all the same.
                client.perform(*outcome, &self.sessions, |made| drop(answer.send(made)));
            }
            Effect::Tell(tell) => tell(&self.sessions),
            Effect::Push(pushes) => self.deliver(pushes),
        }
    }

    fn deliver(&self, pushes: Vec<Addressed>) {
        for (recipient, push) in pushes {
            self.sessions.deliver(recipient, &push);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::Keys;
    use crate::policy::Policy;
    use crate::service::ServiceConfig;
    use crate::store::StoreError;
    use crate::store::disk::{Disk, State};
    use std::path::Path;

    fn start(folder: &Path) -> (Writer, JoinHandle<()>) {
        start_on(Arc::new(Database::open(folder).unwrap()), folder)
    }

    fn start_on(database: Arc<Database>, folder: &Path) -> (Writer, JoinHandle<()>) {
        let keys = Keys::open(folder, true, &mut OsEntropy).unwrap();
        let sessions = Arc::new(Sessions::default());
        let config = ServiceConfig {
            key: keys.server,
            opaque: keys.opaque,
            policy: Policy::default(),
            presence: Arc::clone(&sessions) as _,
        };
        let opened = database.write(|tx| {
            Ok::<_, Unavailable>(Service::open(config, &mut context(tx, &mut OsEntropy))?)
        });
        Writer::start(database, Arc::new(opened.unwrap()), sessions).unwrap()
    }

    impl Writer {
        /// A change that nobody else notices.
        async fn change_quietly<T: Send + 'static>(
            &self,
            change: impl FnOnce(&mut Context<'_>) -> Result<T, Unavailable> + Send + 'static,
        ) -> Option<T> {
            self.change(|cx| Ok((change(cx)?, Effects::default())))
                .await
        }
    }

    async fn invite(writer: &Writer) -> Option<String> {
        writer
            .change_quietly(|cx| Ok(Service::make_invite(1, 1_000, cx)?))
            .await
    }

    #[tokio::test]
    async fn neither_a_panic_nor_a_fault_of_the_database_ends_the_writer() {
        let folder = tempfile::tempdir().unwrap();
        let (writer, thread) = start(folder.path());
        assert!(invite(&writer).await.is_some());
        let panicked = writer
            .change_quietly::<()>(|_| panic!("as a mistake in the service would"))
            .await;
        assert_eq!(panicked, None);
        assert!(
            invite(&writer).await.is_some(),
            "a panic voids its own batch"
        );
        let faulty = writer
            .change_quietly::<()>(|_| Err(StoreError::Row { table: "any" }.into()))
            .await;
        assert_eq!(faulty, None);
        assert!(
            invite(&writer).await.is_some(),
            "the database is open again"
        );
        drop(writer);
        thread.join().unwrap();
    }

    fn body(number: u16) -> [u8; 32] {
        *blake3::hash(&number.to_be_bytes()).as_bytes()
    }

    async fn store(writer: &Writer, number: u16, bytes: usize) -> Option<()> {
        let body_ct = vec![7; bytes];
        writer
            .change_quietly(move |cx| Ok(cx.tx.hold_body(body(number), &body_ct)?))
            .await
    }

    /// After a fault: the database rests, and then does not.
    async fn rest(writer: &Writer, database: &Database) {
        assert_eq!(invite(writer).await, None, "the database rests");
        database.wake();
    }

    fn has(database: &Database, code: &str) -> Result<bool, Unavailable> {
        database.read(|tx| Ok(tx.invite(code)?.is_some()))
    }

    /// After a commit that failed, redb refuses to read as well until it is reopened. That was done every two seconds at
    /// most, so a second failure within them left nobody able to read.
    #[tokio::test]
    async fn on_a_full_disk_nothing_is_written_and_everything_is_read() {
        let (folder, disk) = (tempfile::tempdir().unwrap(), Disk::default());
        let database = Arc::new(Database::on(&disk, folder.path()));
        let (writer, thread) = start_on(Arc::clone(&database), folder.path());
        let code = invite(&writer).await.unwrap();
        disk.turn(State::Full);
        let (mut stored, mut number) = (Vec::new(), 0);
        for bytes in [1024 * 1024, 32 * 1024, 1024, 1] {
            let is_full = loop {
                number += 1;
                match store(&writer, number, bytes).await {
                    Some(()) if number < 1_000 => stored.push(number),
                    Some(()) => break false,
                    None => break true,
                }
            };
            assert!(is_full);
            assert!(has(&database, &code).unwrap());
            rest(&writer, &database).await;
            assert!(has(&database, &code).unwrap());
        }

        disk.turn(State::Healthy);
        assert!(invite(&writer).await.is_some());
        for number in stored {
            let kept = database.read(|tx| Ok::<_, Unavailable>(tx.body(body(number))?));
            assert!(kept.unwrap().is_some(), "{number} was said to be stored");
        }
        let void = database.read(|tx| Ok::<_, Unavailable>(tx.body(body(number))?));
        assert!(void.unwrap().is_none());
        drop(writer);
        thread.join().unwrap();
    }

    #[tokio::test]
    async fn a_disk_that_breaks_and_is_repaired_costs_nothing_that_was_said_to_be_stored() {
        let (folder, disk) = (tempfile::tempdir().unwrap(), Disk::default());
        let database = Arc::new(Database::on(&disk, folder.path()));
        let (writer, thread) = start_on(Arc::clone(&database), folder.path());
        let code = invite(&writer).await.unwrap();
        disk.turn(State::Broken);
        for _ in 0..3 {
            assert_eq!(invite(&writer).await, None);
            rest(&writer, &database).await;
        }
        disk.turn(State::Healthy);
        // The first write finds the database closed, and has it opened.
        assert_eq!(invite(&writer).await, None);
        rest(&writer, &database).await;
        assert!(invite(&writer).await.is_some());
        assert!(has(&database, &code).unwrap());
        drop(writer);
        thread.join().unwrap();
    }

    /// A panic of the database outside the service's own work ended the thread, while /readyz said that all was well.
    #[tokio::test]
    async fn a_panic_within_the_database_ends_neither_the_writer_nor_what_was_stored() {
        let (folder, disk) = (tempfile::tempdir().unwrap(), Disk::default());
        let database = Arc::new(Database::on(&disk, folder.path()));
        let (writer, thread) = start_on(Arc::clone(&database), folder.path());
        let code = invite(&writer).await.unwrap();
        disk.turn(State::Mad);
        assert_eq!(invite(&writer).await, None);
        disk.turn(State::Healthy);
        for _ in 0..3 {
            database.wake();
            if invite(&writer).await.is_some() {
                break;
            }
        }
        assert!(invite(&writer).await.is_some());
        assert!(has(&database, &code).unwrap());
        assert!(!writer.is_gone());
        drop(writer);
        thread.join().unwrap();
    }

    #[tokio::test]
    async fn what_is_queued_when_the_last_way_to_the_writer_goes_is_still_done() {
        let folder = tempfile::tempdir().unwrap();
        let (writer, thread) = start(folder.path());
        let code = invite(&writer).await;
        writer.queue(Queued::Write(Work::Tick)).await;
        drop(writer);
        thread.join().unwrap();
        let database = Database::open(folder.path()).unwrap();
        let stored = database.read(|tx| Ok::<_, Unavailable>(tx.invite(&code.unwrap())?));
        assert!(stored.unwrap().is_some());
    }
}
