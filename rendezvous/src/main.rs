//! The program `rendezvous`: reads its command line, runs the command, and says in one sentence why it could not.

use hutong_rendezvous::args::Args;
use hutong_rendezvous::{commands, platform, render};
use std::env;
use std::io;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    platform::keep_files_private();
    let locale = platform::lang();
    let args = match Args::read(env::args_os().collect(), locale) {
        Ok(args) => args,
        Err(shown) => return render::usage(&shown.text, shown.is_help),
    };
    let lang = args.lang.unwrap_or(locale);
    log_to_stderr(args.verbose);
    match commands::run(args, lang) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            render::sentence(&failure.say(lang));
            ExitCode::FAILURE
        }
    }
}

/// `RUST_LOG` goes before `-v`.
fn log_to_stderr(verbose: u8) {
    let level = match verbose {
        0 => "warn,hutong_rendezvous=info",
        1 => "info,hutong_rendezvous=debug",
        _ => "debug,hutong_rendezvous=trace",
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .init();
}
