//! What a client does with each frame of each kind of peer, every cell asserted; the second chapter of the table of who
//! may do what. Rows are a match without a wildcard: a new frame needs its row before this compiles.

#![expect(
    clippy::unwrap_used,
    reason = "the cells are tests, which a table plays instead of the harness"
)]

use hutong_common::bounded::List;
use hutong_common::direct::{Direct, FileName, Knows, Refused, Shown, Vouched};
use hutong_common::id::Root;
use hutong_common::limits::MINUTE_MS;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::{Reply, ServerFrame};
use hutong_common::signed::Signed;
use hutong_engine::api::command::{GroupCommand, RequestChoice};
use hutong_engine::api::{Command, Done};
use hutong_fixtures::report::write_chapter;
use hutong_fixtures::variants::kinds_of;
use hutong_tests::harness::actor::{Actor, PASSWORD};
use hutong_tests::harness::computer::EPOCH_MS;
use hutong_tests::harness::evil::forged::Forged;
use hutong_tests::harness::evil::rogue::{Rogue, RogueLink};
use hutong_tests::harness::evil::trial::Trial;
use std::fmt::Write;

/// Who is on the other end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Peer {
    Contact,
    CoMember,
    Stranger,
    BlockedByMe,
    Former,
    RevokedDevice,
    ExpiredSeat,
}

const PEERS: [(Peer, &str); 7] = [
    (Peer::Contact, "a contact"),
    (Peer::CoMember, "a member of a group of mine"),
    (Peer::Stranger, "a stranger"),
    (Peer::BlockedByMe, "one whom I block"),
    (Peer::Former, "a former contact"),
    (Peer::RevokedDevice, "a contact's device that signed out"),
    (Peer::ExpiredSeat, "a contact at a seat whose time is over"),
];

type Row = [&'static str; PEERS.len()];

/// All but contacts and members of common groups hear nothing, whatever they say.
const fn answers(contact: &'static str, member: &'static str) -> Row {
    let closed = "closed, nothing said";
    [contact, member, closed, closed, closed, closed, closed]
}

const fn both(answer: &'static str) -> Row {
    answers(answer, answer)
}

/// What is done with a frame.
fn expected(frame: &Direct) -> Row {
    match frame {
        Direct::Hello(_) => both("answers Hello, Revocations, Candidates"),
        Direct::Knows(_) => both("answers Revocations"),
        // Private words are for contacts.
        Direct::Deliver(_) => answers("answers Stored", "answers Refused"),
        Direct::Stored(_)
        | Direct::Refused(_)
        | Direct::Shown(_)
        | Direct::Card(_)
        | Direct::Revocations(_)
        | Direct::FileDeclined(_)
        | Direct::FilePaused(_)
        | Direct::FileResumed(_)
        | Direct::FileVerified(_)
        | Direct::Sheet(_)
        | Direct::Confirmed(_)
        | Direct::HandedOn(_)
        | Direct::Candidates(_)
        | Direct::Unknown(..) => both("says nothing"),
    }
}

fn name(frame: &Direct) -> String {
    let debug = format!("{frame:?}");
    let end = debug.find('(').unwrap_or(debug.len());
    debug[..end].to_owned()
}

/// Bob's home, and somebody with a computer of his own.
struct Gate {
    trial: Trial,
    peer: Peer,
    alice: Actor,
    bob: Actor,
    /// Alice's other computer.
    second: Option<Actor>,
    rogue: Rogue,
    /// A file that Bob offered to Alice.
    file: FileName,
    root: Root,
}

impl Gate {
    /// Before the peer is what it will be: all but the stranger are contacts.
    fn before(peer: Peer) -> Self {
        let (trial, alice, bob) = Trial::of_friends(peer as u64);
        let (msg_id, _) = bob.send_file(&alice, "plan.pdf", 1 << 20);
        trial.world.run_for(3_000);
        let second = (peer == Peer::RevokedDevice).then(|| {
            let second = trial.world.actor("alice at home");
            second.login_with("alice", PASSWORD).unwrap();
            trial.world.run_for(2_000);
            second
        });
        let rogue = match peer {
            Peer::Contact | Peer::BlockedByMe | Peer::Former => Rogue::thief_of(&alice),
            Peer::CoMember => Rogue::thief_of(&in_a_group_of(&trial, &bob)),
            Peer::Stranger => Rogue::thief_of(&trial.world.member("carol")),
            Peer::RevokedDevice => Rogue::thief_of(second.as_ref().unwrap()),
            Peer::ExpiredSeat => at_a_seat(&trial, &bob),
        };
        let file = FileName {
            sender_device: Rogue::thief_of(&bob).pen.device_id(),
            msg_id,
        };
        Self {
            root: bob.content("/files/plan.pdf".as_ref()).unwrap().root,
            trial,
            peer,
            alice,
            bob,
            second,
            rogue,
            file,
        }
    }

    fn of(peer: Peer) -> Self {
        let gate = Self::before(peer);
        gate.turns();
        gate
    }

    /// The peer becomes what it is to be.
    fn turns(&self) {
        let login = self.alice.name();
        match self.peer {
            Peer::Contact | Peer::CoMember | Peer::Stranger => {}
            Peer::BlockedByMe => drop(self.bob.ask(Command::Block { login }).unwrap()),
            Peer::Former => drop(self.bob.ask(Command::Remove { login }).unwrap()),
            Peer::RevokedDevice => {
                let second = self.second.as_ref().unwrap();
                second.ask(Command::Logout).unwrap();
            }
            Peer::ExpiredSeat => self.trial.world.run_for(2 * MINUTE_MS),
        }
        self.trial.world.run_for(3_000);
    }

    /// Dials and says Hello.
    fn greets(&self) -> RogueLink {
        let link = self.rogue.greets(&self.bob);
        self.trial.world.run_for(1_000);
        link
    }

    /// What comes of a frame.
    fn cell(&self, frame: &Direct) -> String {
        let link = self.greets();
        let before = link.heard().len();
        let is_hello = matches!(frame, Direct::Hello(_));
        if !is_hello {
            link.says(frame.clone());
        }
        self.trial.world.run_for(3_000);
        let heard = link.heard();
        let news = heard.iter().skip(if is_hello { 0 } else { before });
        let names: Vec<String> = news.map(name).collect();
        match (link.is_open(), names.is_empty()) {
            (false, true) => "closed, nothing said".to_owned(),
            (true, true) => "says nothing".to_owned(),
            (true, false) => format!("answers {}", names.join(", ")),
            (false, false) => format!("answers {}, then closes", names.join(", ")),
        }
    }
}

/// Carol, a friend of nobody, in a group of Bob's.
fn in_a_group_of(trial: &Trial, bob: &Actor) -> Actor {
    let carol = trial.world.member("carol");
    let create = GroupCommand::GroupCreate {
        name: "circle".to_owned(),
        members: Vec::new(),
        class: false,
    };
    let Ok(Done::Group(shown)) = bob.ask(Command::Group(create)) else {
        panic!("a group is made");
    };
    let (group, greeting) = (shown.group, String::new());
    let apply = GroupCommand::GroupApply { group, greeting };
    let Ok(Done::Added { request }) = carol.ask(Command::Group(apply)) else {
        panic!("she applies");
    };
    trial.world.run_for(2_000);
    let accept = RequestChoice {
        request: Some(request),
        from: None,
    };
    bob.ask(Command::Accept(accept)).unwrap();
    trial.world.run_for(3_000);
    carol
}

/// A friend at a seat, until a minute after the beginning: the rendezvous vouches for him.
fn at_a_seat(trial: &Trial, bob: &Actor) -> Rogue {
    let mut mallory = Forged::new(&trial.server_key(), "mallory", 7);
    let mut device = mallory.card.devices[0].clone();
    device.until_ms = EPOCH_MS + MINUTE_MS;
    mallory.card.devices = List::new(vec![device]).unwrap();
    let contact = mallory.contact();
    trial.lie_to(bob, move |frame| {
        if let ServerFrame::Reply {
            result: Ok(Reply::Contacts(page)),
            ..
        } = frame
        {
            let mut contacts = page.contacts.clone().into_vec();
            contacts.push(contact.clone());
            page.contacts = List::truncated(contacts);
        }
    });
    trial.reconnect(bob);
    mallory.rogue(bob)
}

/// One frame of every kind, as a peer would say it who makes the most of it.
fn frames(gate: &Gate) -> Vec<Direct> {
    let (msg_id, message) = gate.rogue.writes(&gate.bob, 1, "hello");
    let hello = gate.rogue.hello.clone();
    let why = Refusal::NotAllowed;
    let upto = gate.file.msg_id;
    let account = gate.alice.account().unwrap();
    let vouched = |signed: &Signed| Vouched {
        account,
        signed: signed.clone(),
    };
    vec![
        Direct::Hello(hello.clone()),
        Direct::Deliver(message.clone()),
        Direct::Stored(message.clone()),
        Direct::Refused(Refused { msg_id, why }),
        Direct::Shown(Shown { upto }),
        Direct::Card(hello.card),
        Direct::Revocations(message.clone()),
        Direct::FileDeclined(gate.file),
        Direct::FilePaused(gate.file),
        Direct::FileResumed(gate.file),
        Direct::FileVerified(gate.file),
        Direct::Sheet(message.clone()),
        Direct::Confirmed(vouched(&message)),
        Direct::HandedOn(vouched(&message)),
        Direct::Candidates(List::truncated([([192, 0, 2, 7], 7442).into()])),
        Direct::Knows(Knows {
            revocations_version: 0,
        }),
        Direct::Unknown(999, vec![1, 2, 3]),
    ]
}

#[test]
fn every_frame_of_every_peer_is_treated_as_the_matrix_says() {
    let heads: String = PEERS.iter().map(|(_, head)| format!(" {head} |")).collect();
    let mut table = format!("| frame |{heads}\n|---|{}\n", "---|".repeat(PEERS.len()));
    let kinds: Vec<Direct> = frames(&Gate::of(Peer::Contact));
    let is_unknown = |frame: &Direct| matches!(frame, Direct::Unknown(..));
    for kind in kinds_of(1_000, is_unknown) {
        assert!(
            kinds.iter().any(|frame| frame.kind() == kind),
            "kind {kind} has no sample"
        );
    }
    for (at, kind) in kinds.iter().enumerate() {
        let mut line = format!("| {} |", name(kind));
        for (column, (peer, _)) in PEERS.iter().enumerate() {
            let gate = Gate::of(*peer);
            let cell = gate.cell(&frames(&gate)[at]);
            assert_eq!(cell, expected(kind)[column], "{} of {peer:?}", name(kind));
            // Writing into a string cannot fail.
            let _ = write!(line, " {cell} |");
        }
        let _ = writeln!(table, "{line}");
    }
    let _ = writeln!(table, "{}\n{}", file_row(), standing_row());
    let title = "## Frames between clients\n\nAfter a Hello with the peer's own proofs. \"I\" is the one who is dialled.\n";
    write_chapter("authorisation", "2-clients", &format!("{title}\n{table}"));
}

/// The same for the stream of a file that was offered to Alice.
fn file_row() -> String {
    let mut line = "| FileGet of a file offered to the contact |".to_owned();
    for (peer, _) in PEERS {
        let gate = Gate::of(peer);
        let link = gate.greets();
        let refusal = link.asks_for(gate.file, gate.root);
        let wanted = (peer != Peer::Contact).then_some(Refusal::NotFound);
        assert_eq!(refusal, wanted, "{peer:?}");
        let cell = refusal.map_or("serves it".to_owned(), |why| format!("no: {}", why.code()));
        let _ = write!(line, " {cell} |");
    }
    line
}

/// What becomes of a link that stood before the peer became what it is.
fn standing_row() -> String {
    let mut line = "| a link that stood before |".to_owned();
    for (peer, _) in PEERS {
        let gate = Gate::before(peer);
        let link = gate.greets();
        assert_eq!(link.is_open(), peer != Peer::Stranger, "{peer:?}");
        gate.turns();
        let stays = matches!(peer, Peer::Contact | Peer::CoMember);
        assert_eq!(link.is_open(), stays, "{peer:?}");
        let cell = match peer {
            Peer::Contact | Peer::CoMember => "stays",
            Peer::Stranger => "there is none",
            Peer::BlockedByMe | Peer::Former | Peer::RevokedDevice | Peer::ExpiredSeat => "closed",
        };
        let _ = write!(line, " {cell} |");
    }
    line
}
