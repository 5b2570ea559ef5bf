//! The window, as people have it: the real program on a screen of its own, with the real engine and a real rendezvous.
//!
//! It tells its frames itself (`--frames`); when a picture was there, and what it showed, is read from those lines. Nobody
//! touches mouse or keys while a burst arrives, so a wake-up that gets lost is a message that is never painted. The home that
//! is opened again holds all that arrived. Beside it: a bare window of the toolkit.

use super::figures::{Measure, Percentiles, Who};
use super::messages::IN_FLIGHT;
use super::{Bench, usage};
use crate::desk::Desk;
use crate::desk::places::home;
use crate::driver::{
    Agent, Deadline, Display, Programs, Rendezvous, Stage, Window, desktop_example, wall_clock_ms,
};
use anyhow::{Context, ensure};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// Nothing happens for so long: CPU is counted in hundredths of a second, of which a blinking caret needs one every two seconds.
const IDLE: Duration = Duration::from_secs(30);
/// What comes after the last step of the wheel.
const AFTERWARDS: Duration = Duration::from_millis(500);
/// The last message of a burst is painted so long after it was accepted.
const BURST_WITHIN: Duration = Duration::from_secs(60);
/// One step of the wheel for so many messages of a burst, and not more than so many.
const WHEEL: (u32, u32) = (50, 200);
/// In the middle of the messages.
const AMONG_MESSAGES: (u32, u32) = (600, 300);
/// The program with the list of a hundred thousand.
const LIST: &str = "long_list";
/// The program with nothing in its window.
const BARE: &str = "bare_window";

/// Why there can be no window here, or nothing.
///
/// Its own programs count, too: the examples that are compared with.
pub fn unavailable(programs: &Programs) -> Option<String> {
    let unbuilt = [LIST, BARE]
        .into_iter()
        .find(|name| desktop_example(programs, name).is_none());
    Desk::unavailable(programs).or_else(|| Some(format!("the example `{}` is not built", unbuilt?)))
}

pub(super) fn measure(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let (stage, display) = (bench.stage()?, Display::new()?);
    for run in bench.runs() {
        bench.begins(run);
        let new = stage.path(&format!("new-{run}"));
        let (window, first_ms) = started(&display, &mut client(&display, &stage, &new))?;
        bench.note(Measure::FirstWindow, Who::Hutong, first_ms);
        close(window)?;
        let (_, first_ms) = started(&display, &mut example(&display, &stage, BARE)?)?;
        bench.note(Measure::FirstWindow, Who::BareWindow, first_ms);
    }
    let mut pair = Pair::meet(&stage)?;
    bursts(bench, (&stage, &display), &mut pair)?;
    for run in bench.runs() {
        bench.begins(run);
        again(bench, (&stage, &display), &pair)?;
        list(bench, (&stage, &display))?;
    }
    Ok(())
}

/// One who writes, and the home of one who looks.
struct Pair {
    writer: Agent,
    reader: String,
    home: std::path::PathBuf,
    _server: Rendezvous,
}

impl Pair {
    /// They are friends and have said something; the home of the reader is free.
    fn meet(stage: &Stage) -> anyhow::Result<Self> {
        let server = stage.rendezvous()?;
        let (mut writer, mut reader) = stage.friends(("alice", "bob"), &server)?;
        writer.done(json!({"do": "send", "to": "bob", "text": "hello"}))?;
        reader.event("message", |_| true)?;
        reader.finish()?;
        Ok(Self {
            writer,
            reader: reader.name().to_owned(),
            home: reader.home().to_owned(),
            _server: server,
        })
    }

    /// Sends so many messages as fast as they are taken.
    fn write(&mut self, count: u32) -> anyhow::Result<()> {
        let mut asked = BTreeSet::new();
        for number in 0..count {
            if asked.len() >= IN_FLIGHT {
                self.accepted(&mut asked)?;
            }
            let text = format!("消息 {number}, as long as people write 😀");
            let send = json!({"do": "send", "to": self.reader, "text": text});
            asked.insert(self.writer.tell(send)?);
        }
        while !asked.is_empty() {
            self.accepted(&mut asked)?;
        }
        self.writer.leftovers();
        Ok(())
    }

    /// Waits for one answer.
    fn accepted(&mut self, asked: &mut BTreeSet<u64>) -> anyhow::Result<()> {
        loop {
            let line = self.writer.any()?;
            if line["re"].as_u64().is_some_and(|id| asked.remove(&id)) {
                ensure!(line["ok"] == true, "{line}");
                return Ok(());
            }
        }
    }
}

/// A picture that was painted, as the window told it.
#[derive(Clone, Copy)]
struct Frame {
    at_ms: u64,
    took_ms: f64,
    alone_ms: f64,
    chats: u64,
    messages: u64,
}

impl Frame {
    fn of(line: &Value) -> Option<Self> {
        let number = |key: &str| line[key].as_u64();
        line.get("frame")?;
        let took_ms = line["took_us"].as_f64()? / 1e3;
        Some(Self {
            at_ms: number("at_ms")?,
            took_ms,
            alone_ms: took_ms - line["waited_us"].as_f64()? / 1e3,
            chats: number("chats")?,
            messages: number("messages")?,
        })
    }

    /// The next one of that window that fits.
    fn next(window: &Window<'_>, fits: impl Fn(&Self) -> bool) -> anyhow::Result<Self> {
        let line = window.line("frame", |line| Self::of(line).is_some_and(|one| fits(&one)))?;
        Self::of(&line).context("a frame")
    }
}

/// The client on that home, telling its frames.
fn client(display: &Display, stage: &Stage, home: &Path) -> Command {
    let mut command = display.command(stage.programs().folder().join("hutong-desktop"));
    command.args(["--frames", "--no-mdns", "--bind", "127.0.0.1", "--home"]);
    command.arg(home);
    command
}

fn example(display: &Display, stage: &Stage, name: &str) -> anyhow::Result<Command> {
    let path = desktop_example(stage.programs(), name).context("an example")?;
    let mut command = display.command(path);
    command.arg("window");
    Ok(command)
}

/// Starts a program, and says after how many milliseconds its first frame was painted. Nobody looks for its window before.
fn started<'a>(display: &'a Display, command: &mut Command) -> anyhow::Result<(Window<'a>, f64)> {
    let began = wall_clock_ms();
    let mut first = None;
    let window = display.open_when(command, "window", |line| {
        first = Frame::of(line).map(|frame| frame.at_ms);
        first.is_some()
    })?;
    Ok((window, since(began, first.context("a first frame")?)))
}

fn since(began: u64, at: u64) -> f64 {
    at.saturating_sub(began) as f64
}

fn close(mut window: Window<'_>) -> anyhow::Result<()> {
    window.front()?;
    window.press(&["alt+F4"])?;
    window.ends()
}

/// Opens the only conversation, and says how much of it is shown.
fn open_chat(window: &Window<'_>) -> anyhow::Result<u64> {
    let (x, y) = home::FIRST;
    window.click(x, y)?;
    Ok(Frame::next(window, |frame| frame.messages > 0)?.messages)
}

/// A window is open and does nothing; then messages come by the thousand.
fn bursts(
    bench: &mut Bench<'_>,
    (stage, display): (&Stage, &Display),
    pair: &mut Pair,
) -> anyhow::Result<()> {
    let (window, _) = started(display, &mut client(display, stage, &pair.home))?;
    Frame::next(&window, |frame| frame.chats > 0)?;
    let mut shown = open_chat(&window)?;
    window.lines_within(AFTERWARDS)?;
    let before = usage::of(window.process_id())?;
    window.lines_within(IDLE)?;
    let used = usage::of(window.process_id())?.cpu - before.cpu;
    let share = used.as_secs_f64() / IDLE.as_secs_f64() * 100.0;
    bench.note(Measure::WindowIdle, Who::Hutong, share);
    for run in bench.runs() {
        bench.begins(run);
        shown = burst(bench, &window, pair, shown)?;
    }
    let memory = usage::of(window.process_id())?.memory_mib;
    bench.note(Measure::BurstMemory, Who::Hutong, memory);
    window.screenshot(&bench.options.out.join("window.png"))?;
    close(window)
}

/// One of them; says how many messages are shown at its end.
fn burst(
    bench: &mut Bench<'_>,
    window: &Window<'_>,
    pair: &mut Pair,
    shown: u64,
) -> anyhow::Result<u64> {
    let count = bench.options.burst;
    let (all, began) = (shown + u64::from(count), wall_clock_ms());
    pair.write(count)?;
    let (mut last, mut longest_ms, mut alone_ms) = (None::<Frame>, 0.0_f64, 0.0_f64);
    // What is not painted in time is lost, though a caret goes on blinking; the report says so.
    let deadline = Deadline::after(BURST_WITHIN);
    while last.is_none_or(|frame| frame.messages < all) && deadline.left().is_some() {
        let frame = Frame::next(window, |_| true)?;
        longest_ms = longest_ms.max(frame.took_ms);
        alone_ms = alone_ms.max(frame.alone_ms);
        last = Some(frame);
    }
    let last = last.context("a frame after a burst")?;
    let share = last.messages.saturating_sub(shown) as f64 / f64::from(count) * 100.0;
    bench.note(Measure::BurstShown, Who::Hutong, share);
    bench.note(Measure::BurstTime, Who::Hutong, since(began, last.at_ms));
    bench.note(Measure::BurstFrame, Who::Hutong, longest_ms);
    bench.note(Measure::BurstFrameAlone, Who::Hutong, alone_ms);
    Ok(last.messages)
}

/// The window on a home that holds all of it: how soon it is there, and the wheel, while older messages are fetched.
fn again(
    bench: &mut Bench<'_>,
    (stage, display): (&Stage, &Display),
    pair: &Pair,
) -> anyhow::Result<()> {
    let began = wall_clock_ms();
    let (window, first_ms) = started(display, &mut client(display, stage, &pair.home))?;
    bench.note(Measure::FirstWindowAgain, Who::Hutong, first_ms);
    let chats = Frame::next(&window, |frame| frame.chats > 0)?;
    bench.note(Measure::ChatsShown, Who::Hutong, since(began, chats.at_ms));
    open_chat(&window)?;
    window.lines_within(AFTERWARDS)?;
    let memory = usage::of(window.process_id())?.memory_mib;
    bench.note(Measure::WindowMemory, Who::Hutong, memory);
    let measures = [
        Measure::WheelP50,
        Measure::WheelP99,
        Measure::WheelLongest,
        Measure::WheelAlone,
    ];
    wheel(bench, &window, measures)?;
    close(window)
}

/// The list of a hundred thousand messages that are all in memory.
fn list(bench: &mut Bench<'_>, (stage, display): (&Stage, &Display)) -> anyhow::Result<()> {
    let (window, first_ms) = started(display, &mut example(display, stage, LIST)?)?;
    bench.note(Measure::ListShown, Who::Hutong, first_ms);
    window.lines_within(AFTERWARDS)?;
    let measures = [
        Measure::ListWheelP50,
        Measure::ListWheelP99,
        Measure::ListWheelLongest,
        Measure::ListWheelAlone,
    ];
    wheel(bench, &window, measures)?;
    let memory = usage::of(window.process_id())?.memory_mib;
    bench.note(Measure::ListMemory, Who::Hutong, memory);
    Ok(())
}

/// Turns the wheel upwards; every step is a frame.
fn wheel(
    bench: &mut Bench<'_>,
    window: &Window<'_>,
    [p50, p99, longest, alone]: [Measure; 4],
) -> anyhow::Result<()> {
    let (messages, most) = WHEEL;
    let steps = (bench.options.burst / messages).clamp(messages.min(10), most);
    window.wheel_up(AMONG_MESSAGES, steps)?;
    let lines = window.lines_within(AFTERWARDS)?;
    let frames: Vec<Frame> = lines.iter().filter_map(Frame::of).collect();
    let took: Vec<f64> = frames.iter().map(|frame| frame.took_ms).collect();
    ensure!(took.len() >= steps as usize / 2, "{} frames", took.len());
    let percentiles = Percentiles::of(&took);
    bench.note(p50, Who::Hutong, percentiles.p50);
    bench.note(p99, Who::Hutong, percentiles.p99);
    let most = |of: fn(&Frame) -> f64| frames.iter().map(of).fold(0.0, f64::max);
    bench.note(longest, Who::Hutong, most(|frame| frame.took_ms));
    bench.note(alone, Who::Hutong, most(|frame| frame.alone_ms));
    Ok(())
}
