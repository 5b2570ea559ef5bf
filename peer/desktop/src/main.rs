//! `hutong-desktop`: the window for people.

// Without a console beside it.
#![cfg_attr(windows, windows_subsystem = "windows")]

use anyhow::Context;
use clap::Parser;
use hutong_common::text::Lang;
use hutong_desktop::app;
use hutong_desktop::args::Args;
use hutong_desktop::frames;
use hutong_desktop::model::prefs::Prefs;
use hutong_desktop::platform;
use hutong_engine::engine::EngineConfig;
use hutong_host::home;
use tracing_subscriber::EnvFilter;

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let level = if args.verbose > 0 { "info" } else { "error" };
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(level))
        .with_writer(std::io::stderr)
        .init();
    let variables = ["LC_ALL", "LC_MESSAGES", "LANG"].map(|name| std::env::var(name).ok());
    let locale = Lang::from_locale(variables.iter().map(Option::as_deref));
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
    let asked = args.lang.as_deref().and_then(Lang::from_name);
    let mut prefs = Prefs::load(&folder, locale);
    prefs.lang = asked.unwrap_or(prefs.lang);
    if args.frames {
        frames::tell();
    }
    app::run(config, prefs).context("the system gives no window")
}
