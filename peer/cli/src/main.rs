//! `hutong`: the command line and the JSON-lines agent of the client.
//!
//! Reads the arguments and the language, starts the runtime, and leaves with the exit code. Everything else is in
//! `commands` and `agent`.

mod agent;
mod args;
mod commands;
mod dialog;
mod moment;
mod platform;
mod prompt;
mod render;

use commands::Exit;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let locale = hutong_host::lang();
    let cli = match args::parse(std::env::args_os().collect(), locale) {
        Ok(cli) => cli,
        Err(shown) => {
            render::usage(&shown.text, shown.is_help);
            return ExitCode::from(
                if shown.is_help {
                    Exit::Done
                } else {
                    Exit::Usage
                }
                .code(),
            );
        }
    };
    let lang = cli.global.lang.unwrap_or(locale);
    log(cli.global.verbose);
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!(%error, "the system gives no runtime");
            return ExitCode::from(Exit::Refused.code());
        }
    };
    let exit = runtime.block_on(commands::run(cli, lang));
    // A read of standard input that still waits must not hold the program.
    runtime.shutdown_background();
    ExitCode::from(exit.code())
}

fn log(verbose: u8) {
    let level = match verbose {
        0 => "error",
        1 => "hutong=info,hutong_engine=info,warn",
        2 => "hutong=debug,hutong_engine=debug,info",
        _ => "trace",
    };
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(level))
        .with_writer(std::io::stderr)
        .init();
}
