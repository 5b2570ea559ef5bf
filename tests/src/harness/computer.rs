//! One client's computer: the disk that survives, and the program on it that does not.
//!
//! The program is the real core over the real store. The simulation hands it inputs and performs its outputs; a kill
//! drops the program and keeps of the disk what was synced.

use super::errors;
use super::network::Place;
use super::pipe::PipeId;
use hutong_common::direct::Direct;
use hutong_common::entropy::SeededEntropy;
use hutong_common::id::{AccountId, FileId, MsgId};
use hutong_common::identity::KeyPair;
use hutong_common::opaque::Stretch;
use hutong_common::rpc::Reply;
use hutong_engine::api::{Command, Done, Event, Failure};
use hutong_engine::core::io::{
    CommandId, FileInput, Input, LinkId, LinkInput, Now, Output, ServerInput,
};
use hutong_engine::core::{Context, Core, CoreConfig};
use hutong_engine::paths::link::LinkPaths;
use hutong_engine::store::chat::Chat;
use hutong_engine::store::disk::Disk;
use hutong_engine::store::home::ScrubRow;
use hutong_engine::store::messages::Progress;
use hutong_engine::store::{Store, Tx};
use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;

/// Unix milliseconds at the beginning of every run.
pub const EPOCH_MS: u64 = 1_790_000_000_000;

/// A folder that cannot be written, on every computer.
pub const READ_ONLY: &str = "/read-only";

/// Monotonic clocks do not begin at zero.
const MONO_START_MS: u64 = 5_000_000;

/// Where a program is killed while it handles one batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CrashPoint {
    /// Nothing of the batch is on the disk.
    BeforeCommit,
    /// All of it is on the disk, and nobody heard of it.
    AfterCommit,
    /// What followed from it was handed to the network.
    AfterOutputs,
}

/// What a client must be handling for its trap to spring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// A person's message is accepted.
    Send,
    /// A message comes in, directly or by mail.
    Receive,
    /// The other side, or the rendezvous, says that it has a message.
    Acknowledged,
    /// Bytes of a file come in.
    FileProgress,
    /// The rendezvous answers.
    Answered,
    /// Anything at all.
    Anything,
}

impl Moment {
    fn is_now(self, input: &Input) -> bool {
        match self {
            Self::Send => matches!(input, Input::Command(_, Command::Send { .. })),
            Self::Receive => {
                matches!(frame_in(input), Some(Direct::Deliver(_)))
                    || matches!(reply_in(input), Some(Reply::Post(page)) if !page.mail.is_empty())
            }
            Self::Acknowledged => {
                matches!(frame_in(input), Some(Direct::Stored(_)))
                    || matches!(reply_in(input), Some(Reply::MailStored(_)))
            }
            Self::Answered => reply_in(input).is_some(),
            Self::FileProgress => matches!(input, Input::File(FileInput::Progress { .. })),
            Self::Anything => true,
        }
    }
}

const fn frame_in(input: &Input) -> Option<&Direct> {
    if let Input::Link(LinkInput::Frame { frame, .. }) = input {
        Some(frame)
    } else {
        None
    }
}

const fn reply_in(input: &Input) -> Option<&Reply> {
    if let Input::Server(ServerInput::Reply {
        result: Ok(reply), ..
    }) = input
    {
        Some(reply)
    } else {
        None
    }
}

/// A kill that waits for its moment.
pub type Trap = (Moment, CrashPoint);

/// The running program.
#[derive(Debug)]
pub struct Program {
    core: Core,
    store: Store,
    started_us: u64,
    /// Inputs that wait for the next batch.
    pub inbox: VecDeque<Input>,
    /// Whether the next batch is planned.
    pub step_planned: bool,
    /// When the next wake-up is planned.
    pub wake_us: Option<u64>,
    /// The connection to the rendezvous.
    pub control: Option<PipeId>,
    /// Links to peers.
    pub links: BTreeMap<LinkId, PipeId>,
    /// By which ways packets of links with a checked peer go.
    pub paths: BTreeMap<LinkId, LinkPaths>,
    /// When the next look at these is planned.
    pub paths_due_us: Option<u64>,
    /// The key shown to peers.
    pub identity: Option<KeyPair>,
    /// The tag announced by mDNS.
    pub announced: Option<[u8; 8]>,
    /// Downloads under way: the stream that carries each.
    pub fetching: BTreeMap<FileId, u64>,
}

/// What came of a batch.
#[derive(Debug)]
pub enum Step {
    /// To be performed, in order.
    Done(Vec<Output>),
    /// The trap sprang; performed all the same, as the network had it already.
    Killed(Vec<Output>),
}

/// A client's computer.
#[derive(Debug)]
pub struct Computer {
    /// Its person's login.
    pub name: String,
    /// Where it is on the network.
    pub place: Place,
    /// What survives.
    pub disk: Disk,
    /// How wrong its clock is.
    pub clock_offset_ms: i64,
    /// Counts its programs.
    pub life: u64,
    /// The program, while it runs.
    pub program: Option<Program>,
    /// A kill that waits for its moment.
    pub trap: Option<Trap>,
    /// Whether UDP is bound at all.
    pub udp: bool,
    /// Everything it told, in all its lives.
    pub events: Vec<Event>,
    /// How many events were told before the program was last started.
    pub events_of_earlier_lives: usize,
    /// Every answer it gave.
    pub answers: BTreeMap<CommandId, Result<Done, Failure>>,
    /// Verified bytes of files that are not complete.
    pub parts: BTreeMap<FileId, u64>,
    /// Pictures that lie on it.
    pub pictures: BTreeMap<PathBuf, Vec<u8>>,
    /// Room on its disk for files.
    pub free_bytes: u64,
    /// Invite link or address that the program was shipped with.
    pub preset: Option<String>,
    /// Whether its preset says that it is a shared seat.
    pub is_seat: bool,
    /// Whether its program is one that somebody sits before.
    pub holds_session: bool,
    /// Whether its program starts its engine anew, rather than being started.
    pub resumes_session: bool,
    entropy: SeededEntropy,
}

impl Computer {
    /// A computer on which nothing was ever started.
    pub fn new(name: &str, place: Place, seed: u64) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&seed.to_be_bytes());
        hasher.update(name.as_bytes());
        Self {
            name: name.to_owned(),
            place,
            disk: Disk::default(),
            clock_offset_ms: 0,
            life: 0,
            program: None,
            trap: None,
            udp: true,
            events: Vec::new(),
            events_of_earlier_lives: 0,
            answers: BTreeMap::new(),
            parts: BTreeMap::new(),
            pictures: BTreeMap::new(),
            free_bytes: u64::MAX,
            preset: None,
            is_seat: false,
            holds_session: false,
            resumes_session: false,
            entropy: SeededEntropy::from_seed(hasher.finalize().into()),
        }
    }

    /// Its home folder; nothing lies there.
    pub fn home(&self) -> PathBuf {
        PathBuf::from(format!("/people/{}", self.name))
    }

    /// Where accepted files go.
    pub fn downloads(&self) -> PathBuf {
        self.home().join("downloads")
    }

    /// What a program that was killed had to remove, and did not.
    pub fn scrub_due(&self) -> Option<ScrubRow> {
        let store = Store::on(&self.disk).expect("a disk that was synced opens");
        store.scrub_due().expect("rows can be read")
    }

    /// Makes the database anew, as the engine's home does with its file.
    pub fn scrub(&mut self) {
        self.parts.clear();
        let avatars = self.home().join("avatars");
        self.pictures.retain(|path, _| !path.starts_with(&avatars));
        let fresh = Disk::default();
        let store = Store::on(&fresh).expect("an empty disk becomes a database");
        let old = match &self.program {
            Some(program) => program.store.clone(),
            None => Store::on(&self.disk).expect("a disk that was synced opens"),
        };
        old.copy_into(&store)
            .expect("a disk in memory is never full");
        if let Some(program) = &mut self.program {
            program.store = store;
        }
        self.disk = fresh;
    }

    fn now(&self, now_us: u64, started_us: u64) -> Now {
        let wall = EPOCH_MS + now_us / 1000;
        Now {
            wall_ms: wall.saturating_add_signed(self.clock_offset_ms),
            mono_ms: MONO_START_MS + (now_us - started_us) / 1000,
        }
    }

    /// Starts the program on what the disk holds; gives what it wants done first.
    pub fn start(&mut self, now_us: u64) -> Vec<Output> {
        assert!(self.program.is_none(), "{} runs already", self.name);
        let store = Store::on(&self.disk).expect("a disk that was synced opens");
        let config = CoreConfig {
            home: self.home(),
            downloads: self.downloads(),
            preset: self.preset.clone(),
            device_label: self.name.clone(),
            stretch: Stretch::Identity,
            static_peers: Vec::new(),
            plain_keys: false,
            mdns: true,
            seat: self.is_seat,
            holds_session: self.holds_session,
            resumes_session: self.resumes_session,
        };
        let (now, mut tx, mut out) = (self.now(now_us, now_us), store.begin(), Vec::new());
        let mut cx = Context {
            now,
            entropy: &mut self.entropy,
            tx: &mut tx,
            out: &mut out,
        };
        let core = Core::open(config, &mut cx).expect("the core opens its own database");
        tx.commit().expect("a disk in memory is never full");
        self.life += 1;
        self.events_of_earlier_lives = self.events.len();
        self.program = Some(Program {
            core,
            store,
            started_us: now_us,
            inbox: VecDeque::new(),
            step_planned: false,
            wake_us: None,
            control: None,
            links: BTreeMap::new(),
            paths: BTreeMap::new(),
            paths_due_us: None,
            identity: None,
            announced: None,
            fetching: BTreeMap::new(),
        });
        out
    }

    /// Kills the program: what was not synced is lost.
    pub fn kill(&mut self) -> Option<Program> {
        // Taken first: dropping the database writes its farewell, which a killed process cannot.
        self.disk = self.disk.after_power_failure();
        self.program.take()
    }

    /// Handles one batch as the engine's driver does: one transaction, its commit, then the outputs.
    pub fn step(&mut self, batch: Vec<Input>, now_us: u64) -> Step {
        let Some(mut program) = self.program.take() else {
            return Step::Done(Vec::new());
        };
        let springs = self
            .trap
            .filter(|(moment, _)| batch.iter().any(|input| moment.is_now(input)))
            .map(|(_, point)| point);
        let now = self.now(now_us, program.started_us);
        let _speaker = errors::speaks(&self.name);
        let (mut tx, mut out) = (program.store.begin(), Vec::new());
        for input in batch {
            let mut cx = Context {
                now,
                entropy: &mut self.entropy,
                tx: &mut tx,
                out: &mut out,
            };
            let handled = program.core.handle(input, &mut cx);
            handled.expect("a disk in memory does not fail");
        }
        if springs == Some(CrashPoint::BeforeCommit) {
            self.disk = self.disk.after_power_failure();
            drop(tx);
        } else {
            tx.commit().expect("a disk in memory is never full");
        }
        self.program = Some(program);
        match springs {
            None => Step::Done(out),
            Some(CrashPoint::AfterOutputs) => Step::Killed(out),
            Some(CrashPoint::BeforeCommit | CrashPoint::AfterCommit) => Step::Killed(Vec::new()),
        }
    }

    /// When the core wants to be woken, in virtual microseconds.
    pub fn deadline_us(&self) -> Option<u64> {
        let program = self.program.as_ref()?;
        let mono_ms = program.core.deadline_ms()?;
        Some(program.started_us + mono_ms.saturating_sub(MONO_START_MS) * 1000)
    }

    /// Reads the home's database as it is now.
    pub fn read<T>(&self, read: impl FnOnce(&mut Tx) -> T) -> Option<T> {
        let program = self.program.as_ref()?;
        Some(read(&mut program.store.begin()))
    }

    /// Whether a message of that account lies on the disk, whether or not the program runs.
    pub fn has_message(&self, from: AccountId, id: MsgId) -> bool {
        let find = |tx: &mut Tx| {
            let places = tx.places_of(id).expect("rows can be read");
            let is_theirs = |chat: Chat| chat.person().is_none_or(|other| other == from);
            places.iter().any(|seen| is_theirs(seen.chat))
        };
        self.read(find).unwrap_or_else(|| {
            let store = Store::on(&self.disk.after_power_failure()).expect("a synced disk opens");
            find(&mut store.begin())
        })
    }

    /// Whether an own message is delivered as far as the disk knows.
    pub fn knows_delivered(&self, to: AccountId, id: MsgId) -> bool {
        let delivered = |tx: &mut Tx| {
            let place = tx.find_message(to, id).expect("rows can be read")?;
            let row = tx.message(to, place).expect("rows can be read")?;
            row.progress.map(|progress| progress >= Progress::Delivered)
        };
        self.read(delivered).flatten() == Some(true)
    }
}
