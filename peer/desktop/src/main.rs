//! `hutong-desktop`: the window for people.

// Without a console beside it.
#![cfg_attr(windows, windows_subsystem = "windows")]

use anyhow::Context;
use hutong_common::text::Lang;
use hutong_desktop::app;
use hutong_desktop::args::{Args, Shown};
use hutong_desktop::frames;
use hutong_desktop::model::prefs::Prefs;
use hutong_desktop::platform;
use hutong_engine::engine::EngineConfig;
use hutong_host::home;
use std::io::Write;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// The exit code for a mistake on the command line.
const BAD_USAGE: u8 = 2;

fn main() -> anyhow::Result<ExitCode> {
    let locale = hutong_host::lang();
    let usual = home::folder(None)?;
    match Args::read(std::env::args_os().collect(), locale, usual.as_deref()) {
        Ok(args) => open(&args, locale).map(|()| ExitCode::SUCCESS),
        Err(shown) => Ok(usage(&shown)),
    }
}

/// Help for whoever asked for it, or what is wrong with the command line.
fn usage(shown: &Shown) -> ExitCode {
    let text = shown.text.trim_end();
    // Where nobody reads it, the exit code still counts.
    if shown.is_help {
        let _ = writeln!(std::io::stdout().lock(), "{text}");
        ExitCode::SUCCESS
    } else {
        let _ = writeln!(std::io::stderr().lock(), "{text}");
        ExitCode::from(BAD_USAGE)
    }
}

fn open(args: &Args, locale: Lang) -> anyhow::Result<()> {
    let level = if args.verbose > 0 { "info" } else { "error" };
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(level))
        .with_writer(std::io::stderr)
        .init();
    let folder =
        home::folder(args.home.as_deref())?.context("this system names no folder: use --home")?;
    let preset = home::preset(&folder)?;
    let config = EngineConfig {
        mdns: !args.no_mdns,
        bind: args.bind,
        static_peers: args.static_peer.clone(),
        max_rate_bytes: args.max_rate,
        holds_session: true,
        ..hutong_host::config(&folder, preset)
    };
    // Who starts the program once more looks for its window.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    if runtime.block_on(hutong_host::local::show(&folder)) {
        return Ok(());
    }
    drop(runtime);
    platform::set_outbox(config.outbox());
    let mut prefs = Prefs::load(&folder, locale);
    prefs.lang = args.lang.unwrap_or(prefs.lang);
    if args.frames {
        frames::tell();
    }
    app::run(config, prefs).context("the system gives no window")
}
