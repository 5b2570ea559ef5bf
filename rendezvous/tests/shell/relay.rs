//! Relayed sessions over real sockets: who joins them, what goes through, and what neither crowds nor garbage can do to it.

use crate::client::Client;
use crate::connect;
use crate::program::{Program, command};
use hutong_common::bounded::Text;
use hutong_common::id::{AccountId, DeviceId, RelaySession};
use hutong_common::identity;
use hutong_common::name::Login;
use hutong_common::push::Push;
use hutong_common::relay_join::{ANSWER_BYTES, JOIN_BYTES, Join, JoinKey, MAGIC, UNAVAILABLE};
use hutong_common::rpc::friends::{Answer, RequestFriend};
use hutong_common::rpc::relay::{RelayAsk, RelayTicket};
use hutong_common::rpc::{Reply, Request, ServerFrame};
use hutong_common::wrap::frames::Role;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::task::JoinSet;

/// Somebody who is signed in.
struct Person {
    client: Client,
    account: AccountId,
    device: DeviceId,
}

impl Person {
    async fn register(program: &Program, number: u8) -> Self {
        let mut client = connect(program, number).await;
        let account = client.register(&login(number), None).await.account;
        let device = identity::device_id(&client.device);
        Self {
            client,
            account,
            device,
        }
    }

    async fn opens(&mut self, other: &Self) -> RelayTicket {
        let ask = RelayAsk {
            account: other.account,
            device: other.device,
        };
        let answer = self.client.ask(Request::RelayOpen(ask)).await;
        let Ok(Reply::RelayTicket(ticket)) = answer else {
            panic!("{answer:?}");
        };
        ticket
    }

    /// The next invitation.
    async fn invited(&mut self) -> RelayTicket {
        loop {
            match self.client.receive().await.expect("the connection lives") {
                ServerFrame::Push(Push::RelayInvited(invited)) => return invited.ticket,
                ServerFrame::Push(_) => {}
                ServerFrame::Reply { .. } => panic!("nothing was asked"),
            }
        }
    }

    fn key(&self, ticket: &RelayTicket) -> JoinKey {
        let exporter = self.client.exporters().relay;
        JoinKey::new(&exporter, ticket.session, ticket.role)
    }

    /// Joins the session that it is invited to next.
    async fn follows(&mut self, program: &Program) -> TcpStream {
        let ticket = self.invited().await;
        self.joins(program, &ticket).await
    }

    async fn joins(&self, program: &Program, ticket: &RelayTicket) -> TcpStream {
        let key = self.key(ticket);
        let (leg, answer) = join(program, &key.join().encode()).await;
        assert!(key.is_joined(&answer));
        leg
    }
}

fn login(number: u8) -> String {
    format!("user{number}")
}

async fn join(program: &Program, bytes: &[u8]) -> (TcpStream, [u8; ANSWER_BYTES]) {
    let mut leg = TcpStream::connect(program.address("control"))
        .await
        .unwrap();
    leg.write_all(bytes).await.unwrap();
    let mut answer = [0; ANSWER_BYTES];
    leg.read_exact(&mut answer).await.unwrap();
    (leg, answer)
}

/// Two friends at a rendezvous.
async fn friends(program: &Program) -> [Person; 2] {
    let mut lin = Person::register(program, 1).await;
    let mut mei = Person::register(program, 2).await;
    befriend(&mut lin, &mut mei).await;
    [lin, mei]
}

async fn befriend(one: &mut Person, other: &mut Person) {
    let number = u8::try_from(other.account.0 - 10_000).unwrap();
    let ask = RequestFriend {
        login: Login::new(&login(number)).unwrap(),
        greeting: Text::default(),
    };
    let asked = one.client.ask(Request::RequestFriend(ask)).await;
    let Ok(Reply::FriendRequested(request)) = asked else {
        panic!("{asked:?}");
    };
    let accept = true;
    let answer = Request::AnswerFriend(Answer { request, accept });
    assert_eq!(other.client.ask(answer).await, Ok(Reply::Done));
}

async fn hears(leg: &mut TcpStream, expected: &[u8]) {
    let mut heard = vec![0; expected.len()];
    leg.read_exact(&mut heard).await.unwrap();
    assert_eq!(heard, expected);
}

/// What else comes, until the other side ends it; a leg that is broken off has ended, too.
async fn rest(leg: &mut TcpStream) -> Vec<u8> {
    let mut rest = Vec::new();
    let _ended = leg.read_to_end(&mut rest).await;
    rest
}

#[tokio::test]
async fn bytes_go_both_ways_until_one_end_leaves() {
    let program = Program::start();
    let [mut lin, mut mei] = friends(&program).await;
    let ticket = lin.opens(&mei).await;
    let mut one = lin.joins(&program, &ticket).await;
    // What is said before the other end is there waits for it.
    one.write_all(b"is anybody there?").await.unwrap();
    let mut other = mei.follows(&program).await;
    hears(&mut other, b"is anybody there?").await;
    let long = vec![7; 1 << 20];
    let (sent, ()) = tokio::join!(other.write_all(&long), hears(&mut one, &long));
    sent.unwrap();
    drop(other);
    assert_eq!(rest(&mut one).await, b"");
    let status = command(&["status", "--json"])
        .arg("--data")
        .arg(program.data())
        .output()
        .unwrap();
    let status: serde_json::Value = serde_json::from_slice(&status.stdout).unwrap();
    let relay = &status["relay"];
    assert_eq!(
        (&status["running"], &status["devices"]),
        (&true.into(), &2.into())
    );
    assert_eq!(
        (&relay["running"], &relay["opened"]),
        (&0.into(), &1.into())
    );
    assert_eq!(relay["bytes"], (1 << 20) + 17);
}

/// Unknown sessions, wrong proofs and joins that were used must not be told from each other.
#[tokio::test]
async fn a_join_that_proves_nothing_is_answered_alike_whatever_is_wrong_with_it() {
    let program = Program::start();
    let [mut lin, mei] = friends(&program).await;
    let ticket = lin.opens(&mei).await;
    let right = lin.key(&ticket).join();
    let (_leg, answer) = join(&program, &right.encode()).await;
    assert!(lin.key(&ticket).is_joined(&answer));
    let role = Role::Invited;
    let elsewhere = JoinKey::new(&[1; 32], ticket.session, role).join();
    let wrong = [
        right,
        Join {
            mac: [0; 32],
            ..right
        },
        Join { role, ..right },
        Join {
            session: RelaySession([9; 16]),
            ..right
        },
        elsewhere,
        mei.key(&ticket).join(),
    ];
    for wrong in wrong {
        let (mut leg, answer) = join(&program, &wrong.encode()).await;
        assert_eq!(answer, UNAVAILABLE, "{wrong:?}");
        assert_eq!(rest(&mut leg).await, b"");
    }
    let no_role = [&MAGIC[..], &[7; JOIN_BYTES - MAGIC.len()]].concat();
    assert_eq!(join(&program, &no_role).await.1, UNAVAILABLE);
}

#[tokio::test]
async fn an_end_that_was_in_it_and_wants_another_one_ends_it_for_both() {
    let program = Program::start();
    let [mut lin, mut mei] = friends(&program).await;
    let ticket = lin.opens(&mei).await;
    let mut legs = [
        lin.joins(&program, &ticket).await,
        mei.follows(&program).await,
    ];
    legs[0].write_all(b"here").await.unwrap();
    hears(&mut legs[1], b"here").await;
    let next = lin.opens(&mei).await;
    assert_ne!(next.session, ticket.session);
    for leg in &mut legs {
        assert_eq!(rest(leg).await, b"");
    }
    let mut one = lin.joins(&program, &next).await;
    let mut other = mei.follows(&program).await;
    other.write_all(b"again").await.unwrap();
    hears(&mut one, b"again").await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_rendezvous_that_stops_ends_its_sessions() {
    let program = Program::start();
    let [mut lin, mut mei] = friends(&program).await;
    let ticket = lin.opens(&mei).await;
    let mut legs = [
        lin.joins(&program, &ticket).await,
        mei.follows(&program).await,
    ];
    let ticket = lin.opens(&mei).await;
    assert!(rest(&mut legs[0]).await.is_empty());
    legs[0] = lin.joins(&program, &ticket).await;
    program.terminate();
    for leg in &mut legs {
        assert_eq!(rest(leg).await, b"");
    }
    assert!(program.ended().0.success());
}

/// What nobody proved, or nobody finishes, takes no place from those who talk and none from those who come.
#[tokio::test]
async fn crowds_of_joins_that_are_wrong_or_never_whole_do_no_harm() {
    let program = Program::start();
    let [mut lin, mut mei] = friends(&program).await;
    let ticket = lin.opens(&mei).await;
    let mut one = lin.joins(&program, &ticket).await;
    let mut other = mei.follows(&program).await;
    let before = program.memory_bytes();
    let mut halves = Vec::new();
    for number in 0..500_u16 {
        let mut half = TcpStream::connect(program.address("control"))
            .await
            .unwrap();
        let join = [&MAGIC[..], &[7; JOIN_BYTES - MAGIC.len()]].concat();
        let len = 1 + usize::from(number) % (JOIN_BYTES - 1);
        half.write_all(&join[..len]).await.unwrap();
        halves.push(half);
        let unknown = Join {
            session: RelaySession(u128::from(number).to_be_bytes()),
            role: Role::Opener,
            mac: [7; 32],
        };
        assert_eq!(join_of(&program, unknown).await, UNAVAILABLE);
    }
    one.write_all(b"still here").await.unwrap();
    hears(&mut other, b"still here").await;
    let mut bo = Person::register(&program, 3).await;
    assert_eq!(bo.client.ask(Request::Ping).await, Ok(Reply::Done));
    let (before, after) = (before.unwrap_or(0), program.memory_bytes().unwrap_or(0));
    assert!(after < before + (64 << 20), "{before} → {after}");
}

async fn join_of(program: &Program, wrong: Join) -> [u8; ANSWER_BYTES] {
    join(program, &wrong.encode()).await.1
}

/// As many people as make that many pairs, each with each other: members of one class.
async fn class(program: &Program, pairs: usize) -> Vec<Person> {
    let mut people = Vec::new();
    while people.len() * people.len().saturating_sub(1) / 2 < pairs {
        let number = people.len() as u8 + 1;
        people.push(Person::register(program, number).await);
    }
    people
}

/// What was heard in each session.
struct Talk {
    counts: Vec<AtomicU64>,
    progress: Notify,
}

impl Talk {
    /// What was heard in each, once it is so much in all.
    async fn until(&self, goal: u64) -> Vec<u64> {
        loop {
            let counts = self.counts.iter();
            let counts: Vec<u64> = counts.map(|count| count.load(Ordering::Relaxed)).collect();
            if counts.iter().sum::<u64>() >= goal {
                return counts;
            }
            self.progress.notified().await;
        }
    }
}

/// As much is under way as a connection inside would have.
async fn keep_talking(number: usize, legs: (TcpStream, TcpStream), talk: Arc<Talk>) {
    let (mut one, mut other) = legs;
    let mut buffer = vec![7; 256 * 1024];
    one.write_all(&buffer).await.unwrap();
    while let Ok(read @ 1..) = other.read(&mut buffer).await {
        talk.counts[number].fetch_add(read as u64, Ordering::Relaxed);
        talk.progress.notify_one();
        one.write_all(&buffer[..read]).await.unwrap();
    }
}

#[tokio::test]
async fn two_hundred_sessions_share_what_there_is_and_take_little_memory() {
    const SESSIONS: usize = 200;
    let folder = TempDir::new().unwrap();
    let settings = folder.path().join("settings.toml");
    fs::write(&settings, "profile = \"lab\"\nrelay_total_rate = 8000000\n").unwrap();
    let mut serve = command(&["serve", "--no-mdns", "--listen", "127.0.0.1:0"]);
    serve
        .arg("--config")
        .arg(settings)
        .arg("--data")
        .arg(folder.path().join("data"));
    let program = Program::of(serve, folder);
    let mut people = class(&program, SESSIONS).await;
    let mut legs = Vec::new();
    'pairs: for other in 1..people.len() {
        for one in 0..other {
            if legs.len() == SESSIONS {
                break 'pairs;
            }
            let (before, rest) = people.split_at_mut(other);
            let ticket = before[one].opens(&rest[0]).await;
            let leg = before[one].joins(&program, &ticket).await;
            legs.push((leg, rest[0].follows(&program).await));
        }
    }
    let talk = Arc::new(Talk {
        counts: (0..SESSIONS).map(|_| AtomicU64::new(0)).collect(),
        progress: Notify::new(),
    });
    let mut tasks = JoinSet::new();
    for (number, legs) in legs.into_iter().enumerate() {
        tasks.spawn(keep_talking(number, legs, Arc::clone(&talk)));
    }
    // Whoever began first had it for himself.
    let begun = talk.until(8_000_000).await;
    let done = talk.until(32_000_000).await;
    let shares: Vec<u64> = done
        .iter()
        .zip(begun)
        .map(|(done, begun)| done - begun)
        .collect();
    let (least, most) = (shares.iter().min().unwrap(), shares.iter().max().unwrap());
    assert!(*most <= 2 * least, "from {least} to {most} bytes");
    let memory = program.memory_bytes().unwrap_or(0);
    assert!(memory < 128 << 20, "{memory} bytes");
}
