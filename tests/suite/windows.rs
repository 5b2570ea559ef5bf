//! Windows on a screen of their own, used with real keys: Chinese through an input method, and what is pasted.
//!
//! Skips, and says why, where a program for this is missing; in CI none may be.

use hutong_tests::driver::{Display, Programs, Window, desktop_example};
use std::path::Path;
use std::process::Command;

/// What is missing is an error where everything should be installed.
#[expect(clippy::print_stdout, reason = "a test that is left out says so")]
fn skips(reason: Option<String>) -> anyhow::Result<bool> {
    let Some(reason) = reason else {
        return Ok(false);
    };
    anyhow::ensure!(
        std::env::var_os("CI").is_none(),
        "windows cannot be tested: {reason}"
    );
    println!("skipped, no windows here: {reason}");
    Ok(true)
}

fn example() -> anyhow::Result<Option<Command>> {
    let path = desktop_example(&Programs::built()?, "text_boxes");
    let missing = path
        .is_none()
        .then(|| "the example `text_boxes` is not built".to_owned());
    let missing = missing.or_else(Display::unavailable);
    Ok(if skips(missing)? {
        None
    } else {
        path.map(Command::new)
    })
}

fn shown(window: &Window<'_>, what: &str, value: &str) -> anyhow::Result<()> {
    let line = window.line(value, |line| {
        line["what"] == what && (line["value"] == value || what != "text")
    })?;
    assert_eq!(line["value"], value, "{what}");
    Ok(())
}

fn keep_picture(window: &Window<'_>, name: &str) -> anyhow::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/screens");
    std::fs::create_dir_all(&folder)?;
    window.screenshot(&folder.join(name))
}

#[test]
fn chinese_is_typed_through_an_input_method_and_its_enter_sends_nothing() -> anyhow::Result<()> {
    let Some(program) = example()? else {
        return Ok(());
    };
    if skips(Display::pinyin_unavailable())? {
        return Ok(());
    }
    let display = Display::new()?;
    display.start_pinyin()?;
    let mut command = display.command(program.get_program());
    let window = display.open(&mut command, "text-boxes")?;
    window.click(100, 60)?;
    window.type_letters("nihao")?;
    keep_picture(&window, "pinyin.png")?;
    window.press(&["space"])?;
    shown(&window, "text", "你好")?;
    // While it is composed, `Enter` takes the letters as they are, and only the next one sends.
    window.type_letters("hutong")?;
    window.press(&["Return"])?;
    shown(&window, "text", "你好hutong")?;
    window.press(&["Return"])?;
    shown(&window, "sent", "你好hutong")?;
    // A password is typed letter by letter, whatever the input method would make of it.
    window.press(&["Tab", "Tab"])?;
    window.type_letters("nihao ma")?;
    window.line("the password", |line| {
        line["what"] == "secret" && line["value"] == "nihao ma"
    })?;
    Ok(())
}

/// An answer of the engine led to another box, and the first letter that was typed there went to the one before: the window had
/// no reason to do what it was told until a key gave it one.
#[test]
fn letters_go_to_the_box_that_an_answer_led_to() -> anyhow::Result<()> {
    let Some(program) = example()? else {
        return Ok(());
    };
    let display = Display::new()?;
    let window = display.open(&mut display.command(program.get_program()), "text-boxes")?;
    window.click(100, 160)?;
    for round in 1..=5 {
        window.type_letters("x")?;
        window.press(&["Return"])?;
        window.line("the box that is led to", |line| line["what"] == "led")?;
        window.type_letters("ab")?;
        shown(&window, "text", &"ab".repeat(round))?;
        window.press(&["Tab"])?;
    }
    Ok(())
}

/// The program that had copied something was slow to hand it out, and what was typed meanwhile was lost.
#[test]
fn what_is_typed_while_something_is_pasted_comes_after_it() -> anyhow::Result<()> {
    let Some(program) = example()? else {
        return Ok(());
    };
    let display = Display::new()?;
    display.copy_text("pasted, ")?;
    let window = display.open(&mut display.command(program.get_program()), "text-boxes")?;
    window.click(100, 60)?;
    display.stop_clipboard(true)?;
    window.press(&["ctrl+v"])?;
    window.type_letters("typed")?;
    display.stop_clipboard(false)?;
    shown(&window, "text", "pasted, typed")?;
    window.press(&["Return"])?;
    shown(&window, "sent", "pasted, typed")
}

#[test]
fn chinese_text_and_a_picture_are_pasted() -> anyhow::Result<()> {
    let Some(program) = example()? else {
        return Ok(());
    };
    let display = Display::new()?;
    let outbox = display.home().join("outbox");
    let picture = display.home().join("four.png");
    image::RgbImage::from_pixel(2, 2, image::Rgb([1, 2, 3])).save(&picture)?;
    display.copy_text("粘贴的文字😀")?;
    let mut command = display.command(program.get_program());
    command.arg(&outbox);
    {
        let window = display.open(&mut command, "text-boxes")?;
        window.click(100, 60)?;
        window.press(&["ctrl+v"])?;
        shown(&window, "text", "粘贴的文字😀")?;
        keep_picture(&window, "pasted.png")?;
    }
    display.copy_picture(&picture)?;
    let window = display.open(&mut command, "text-boxes")?;
    window.click(100, 60)?;
    window.press(&["ctrl+v"])?;
    let dropped = window.line("the picture", |line| line["what"] == "dropped")?;
    let path = Path::new(dropped["value"].as_str().unwrap_or_default());
    assert!(path.starts_with(&outbox), "{}", path.display());
    assert_eq!(image::open(path)?.to_rgb8().get_pixel(1, 1).0, [1, 2, 3]);
    Ok(())
}
