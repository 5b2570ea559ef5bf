//! Random plans: operations and faults drawn from a seed, written one per line, run on a world, shrunk when they fail.
//!
//! A plan is text, so a failing one can be kept under `fixtures/plans/` and replayed for ever. An operation that makes
//! no sense at its moment (a kill of somebody dead) does nothing, so any subset of a plan is a plan. What people do about
//! groups is in [`groups`].

pub mod groups;

use super::computer::{CrashPoint, Moment};
use super::dice::Dice;
use super::server::Handling;
use groups::GroupAct;
use std::fmt;
use std::str::FromStr;

/// The computers of plans, in order: one of each person, and a second one of the first.
pub const PEOPLE: [&str; 4] = ["alice", "bob", "carol", "laptop"];
/// Lab clocks are wrong by up to a time zone's confusion.
const CLOCK_SECONDS: [i64; 4] = [8 * 3_600, -8 * 3_600, 240, 0];
const POINTS: [(&str, CrashPoint); 3] = [
    ("before-commit", CrashPoint::BeforeCommit),
    ("after-commit", CrashPoint::AfterCommit),
    ("after-outputs", CrashPoint::AfterOutputs),
];
const MOMENTS: [(&str, Moment); 4] = [
    ("send", Moment::Send),
    ("receive", Moment::Receive),
    ("acknowledged", Moment::Acknowledged),
    ("anything", Moment::Anything),
];
const HANDLINGS: [(&str, Handling); 3] = [
    ("send-mail", Handling::SendMail),
    ("ack-mail", Handling::AckMail),
    ("anything", Handling::Anything),
];

/// One line of a plan. Computers are indices into [`PEOPLE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// The first sends the second a text of its own.
    Send(usize, usize),
    /// The first reads all that the second wrote.
    Read(usize, usize),
    /// Time passes, in milliseconds.
    Wait(u64),
    /// A program is killed.
    Kill(usize),
    /// A program will be killed at this moment.
    KillAt(usize, Moment, CrashPoint),
    /// A program is started again.
    Restart(usize),
    /// The rendezvous is killed.
    KillServer,
    /// The rendezvous will be killed at this moment.
    KillServerAt(Handling, CrashPoint),
    /// The rendezvous is started again.
    RestartServer,
    /// A cable is pulled.
    Unplug(usize),
    /// A cable is put back.
    Plug(usize),
    /// The way between two computers is cut; the rendezvous stays.
    Cut(usize, usize),
    /// It is there again.
    Join(usize, usize),
    /// All UDP of a computer is dropped.
    BlockUdp(usize),
    /// UDP passes again.
    PassUdp(usize),
    /// A control connection breaks.
    DropControl(usize),
    /// A clock is wrong by so many seconds from now on.
    Clock(usize, i64),
    /// Somebody does something about groups.
    Group(GroupAct),
}

/// A seed and what happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Decides whatever the operations leave open: latencies, keys.
    pub seed: u64,
    /// What happens, in order.
    pub operations: Vec<Operation>,
}

impl Plan {
    /// The plan that belongs to a seed: of even ones, one of words between two; of odd ones, half of it is about groups.
    pub fn generate(seed: u64) -> Self {
        let mut dice = Dice::new(seed, "plan");
        let begun = (seed % 2 == 1).then(|| groups::prologue(&mut dice));
        let (teacher, operations) = begun.unzip();
        let mut operations = operations.unwrap_or_default();
        let length = dice.within(30..70);
        for _ in 0..length {
            let about_groups = teacher.filter(|_| dice.chance(50));
            operations.push(match about_groups {
                Some(teacher) => groups::draw(&mut dice, teacher),
                None => draw(&mut dice),
            });
        }
        Self { seed, operations }
    }

    /// The smallest plan found that still `fails`, by leaving out ever smaller pieces.
    pub fn shrink(&self, fails: impl Fn(&Self) -> bool) -> Self {
        let mut best = self.clone();
        let mut piece = best.operations.len() / 2;
        while piece > 0 {
            let mut start = 0;
            while start < best.operations.len() {
                let mut shorter = best.clone();
                let end = (start + piece).min(shorter.operations.len());
                shorter.operations.drain(start..end);
                if fails(&shorter) {
                    best = shorter;
                } else {
                    start += piece;
                }
            }
            piece /= 2;
        }
        best
    }
}

/// Two different computers.
fn pair(dice: &mut Dice) -> (usize, usize) {
    let who = dice.index(PEOPLE.len());
    let other = (who + 1 + dice.index(PEOPLE.len() - 1)) % PEOPLE.len();
    (who, other)
}

fn draw(dice: &mut Dice) -> Operation {
    let (who, other) = pair(dice);
    let point = POINTS[dice.index(POINTS.len())].1;
    match dice.within(0..100) {
        0..40 => Operation::Send(who, other),
        40..44 => Operation::Read(who, other),
        44..62 => Operation::Wait([5, 50, 700, 3_000, 20_000, 90_000][dice.index(6)]),
        62..66 => Operation::Kill(who),
        66..71 => Operation::KillAt(who, MOMENTS[dice.index(MOMENTS.len())].1, point),
        71..81 => Operation::Restart(who),
        81..83 => Operation::KillServer,
        83..85 => Operation::KillServerAt(HANDLINGS[dice.index(HANDLINGS.len())].1, point),
        85..89 => Operation::RestartServer,
        89..90 => Operation::Unplug(who),
        90..92 => Operation::Plug(who),
        92..93 => Operation::Cut(who, other),
        93..94 => Operation::Join(who, other),
        94..95 => Operation::BlockUdp(who),
        95..96 => Operation::PassUdp(who),
        96..98 => Operation::DropControl(who),
        _ => Operation::Clock(who, CLOCK_SECONDS[dice.index(CLOCK_SECONDS.len())]),
    }
}

fn word<T: PartialEq>(table: &[(&'static str, T)], value: &T) -> &'static str {
    let found = table.iter().find(|(_, known)| known == value);
    found.map_or("anything", |(word, _)| word)
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Send(a, b) => write!(f, "send {} {}", PEOPLE[*a], PEOPLE[*b]),
            Self::Read(a, b) => write!(f, "read {} {}", PEOPLE[*a], PEOPLE[*b]),
            Self::Wait(ms) => write!(f, "wait {ms}"),
            Self::Kill(a) => write!(f, "kill {}", PEOPLE[*a]),
            Self::KillAt(a, moment, point) => {
                let (moment, point) = (word(&MOMENTS, moment), word(&POINTS, point));
                write!(f, "kill-at {} {moment} {point}", PEOPLE[*a])
            }
            Self::Restart(a) => write!(f, "restart {}", PEOPLE[*a]),
            Self::KillServer => f.write_str("kill-server"),
            Self::KillServerAt(handling, point) => {
                let (handling, point) = (word(&HANDLINGS, handling), word(&POINTS, point));
                write!(f, "kill-server-at {handling} {point}")
            }
            Self::RestartServer => f.write_str("restart-server"),
            Self::Unplug(a) => write!(f, "unplug {}", PEOPLE[*a]),
            Self::Plug(a) => write!(f, "plug {}", PEOPLE[*a]),
            Self::Cut(a, b) => write!(f, "cut {} {}", PEOPLE[*a], PEOPLE[*b]),
            Self::Join(a, b) => write!(f, "join {} {}", PEOPLE[*a], PEOPLE[*b]),
            Self::BlockUdp(a) => write!(f, "block-udp {}", PEOPLE[*a]),
            Self::PassUdp(a) => write!(f, "pass-udp {}", PEOPLE[*a]),
            Self::DropControl(a) => write!(f, "drop-control {}", PEOPLE[*a]),
            Self::Clock(a, seconds) => write!(f, "clock {} {seconds}", PEOPLE[*a]),
            Self::Group(act) => act.fmt(f),
        }
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "seed {}", self.seed)?;
        self.operations
            .iter()
            .try_for_each(|operation| writeln!(f, "{operation}"))
    }
}

/// A line that is not an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLine(pub String);

fn named<T: Copy>(table: &[(&'static str, T)], word: &str) -> Option<T> {
    let found = table.iter().find(|(known, _)| *known == word);
    found.map(|(_, value)| *value)
}

fn operation(line: &str) -> Option<Operation> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let person = |at: usize| PEOPLE.iter().position(|name| words.get(at) == Some(name));
    Some(match *words.first()? {
        "send" => Operation::Send(person(1)?, person(2)?),
        "read" => Operation::Read(person(1)?, person(2)?),
        "wait" => Operation::Wait(words.get(1)?.parse().ok()?),
        "kill" => Operation::Kill(person(1)?),
        "kill-at" => {
            let point = named(&POINTS, words.get(3)?)?;
            Operation::KillAt(person(1)?, named(&MOMENTS, words.get(2)?)?, point)
        }
        "restart" => Operation::Restart(person(1)?),
        "kill-server" => Operation::KillServer,
        "kill-server-at" => {
            let point = named(&POINTS, words.get(2)?)?;
            Operation::KillServerAt(named(&HANDLINGS, words.get(1)?)?, point)
        }
        "restart-server" => Operation::RestartServer,
        "unplug" => Operation::Unplug(person(1)?),
        "plug" => Operation::Plug(person(1)?),
        "cut" => Operation::Cut(person(1)?, person(2)?),
        "join" => Operation::Join(person(1)?, person(2)?),
        "block-udp" => Operation::BlockUdp(person(1)?),
        "pass-udp" => Operation::PassUdp(person(1)?),
        "drop-control" => Operation::DropControl(person(1)?),
        "clock" => Operation::Clock(person(1)?, words.get(2)?.parse().ok()?),
        _ => Operation::Group(groups::act(&words)?),
    })
}

impl FromStr for Plan {
    type Err = BadLine;

    /// Lines that begin with `#` are remarks.
    fn from_str(text: &str) -> Result<Self, BadLine> {
        let mut plan = Self {
            seed: 0,
            operations: Vec::new(),
        };
        for line in text
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
        {
            let bad = || BadLine(line.to_owned());
            match line.strip_prefix("seed ") {
                Some(seed) => plan.seed = seed.trim().parse().map_err(|_| bad())?,
                None => plan.operations.push(operation(line).ok_or_else(bad)?),
            }
        }
        Ok(plan)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_survives_being_written_down() {
        for seed in 0..20 {
            let plan = Plan::generate(seed);
            assert_eq!(plan.to_string().parse(), Ok(plan));
        }
        assert_eq!(
            "dance alice".parse::<Plan>(),
            Err(BadLine("dance alice".into()))
        );
    }

    #[test]
    fn shrinking_keeps_only_what_the_failure_needs() {
        let plan = Plan::generate(3);
        let needed = plan.operations[7];
        let small = plan.shrink(|plan| plan.operations.contains(&needed));
        assert_eq!(small.operations, [needed]);
    }
}
