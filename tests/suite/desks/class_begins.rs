//! From a fresh computer to a class, and from a second one to the first message in it, with a watch in the hand.

use super::stage;
use hutong_host::class::Class;
use hutong_tests::desk::places::{dialog, home};
use hutong_tests::desk::{Desk, PASSWORD};
use hutong_tests::driver::{Display, Stopwatch};
use std::path::PathBuf;
use std::time::Duration;

/// For both together, on a classroom's computers.
const WITHIN: Duration = Duration::from_secs(60);

/// The class outlives its window, so it is stopped whatever happens to the test.
struct Guard(PathBuf);

impl Drop for Guard {
    fn drop(&mut self) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        if let Ok(runtime) = runtime {
            runtime.block_on(Class::of(&self.0).stop());
        }
    }
}

#[test]
fn a_class_begins_within_a_minute() -> anyhow::Result<()> {
    let Some(stage) = stage(false)? else {
        return Ok(());
    };
    let display = Display::new()?;
    let _guard = Guard(stage.path("teacher"));
    let open = |name: &str, lang| Desk::open(&display, stage.programs(), &stage.path(name), lang);

    let watch = Stopwatch::start();
    let teacher = open("teacher", "zh")?;
    teacher.start_class("Class 3", "teacher", PASSWORD)?;
    let begun = watch.elapsed();
    teacher.keep("class-zh")?;
    teacher.click(dialog::COPY)?;
    let invite = display.copied(|text| text.starts_with("hutong://"))?;
    teacher.press(&["Escape"])?;
    teacher.rests()?;

    let watch = Stopwatch::start();
    let pupil = open("pupil", "en")?;
    pupil.register(&invite, "pupil", PASSWORD)?;
    pupil.add("teacher", "Good morning")?;
    teacher.until(&["unread"], |told| told["requests"] == 1)?;
    teacher.click(home::REQUESTS)?;
    teacher.click(home::ACCEPT)?;
    pupil.until(&["friends"], |told| {
        told["friends"][0]["login"] == "teacher"
    })?;
    pupil.say("Good morning, teacher!")?;
    teacher.until(&["history", "pupil"], |told| {
        told["messages"][0]["text"] == "Good morning, teacher!"
    })?;
    let talked = watch.elapsed();
    println!(
        "the class began after {begun:.1?}, the first message came {talked:.1?} after the second window was wanted"
    );
    assert!(begun + talked < WITHIN, "{begun:?} and {talked:?}");

    teacher.press(&["alt+F4"])?;
    teacher.rests()?;
    teacher.keep("leave-class-zh")?;
    let served = Class::of(teacher.home()).running().is_some();
    assert!(served, "it serves until it is stopped");
    let home = teacher.home().to_path_buf();
    teacher.end_with(dialog::STOP_AND_CLOSE)?;
    assert!(Class::of(&home).running().is_none(), "it was to stop");
    Ok(())
}
