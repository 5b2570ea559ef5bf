//! The engine's thread: one engine, and another one after each that its disk failed.
//!
//! An engine whose database failed keeps nothing more. So it is let go, and the home opened anew until there is room: what is asked
//! meanwhile is answered at once, that it was not done.

use super::effects::{Aside, Performer};
use super::{Inlet, Waiting};
use crate::input::intent::Go;
use crate::input::{Effect, Ending, Input, Intent, Tick};
use hutong_common::limits::HOME_RETRY_MS;
use hutong_engine::api::event::WarningCode;
use hutong_engine::api::{Event, Failure};
use hutong_engine::engine::{EventStream, Told};
use hutong_host::conversation::Manner;
use hutong_host::local;
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::sync::mpsc::{self, Receiver};
use tokio::time::{Instant, timeout_at};

/// What became of an engine.
enum Fate {
    /// It was stopped.
    Stopped,
    /// Its disk failed.
    Failed,
}

pub(super) fn run(waiting: Waiting, inlet: &Inlet) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let ending = match runtime {
        Ok(runtime) => {
            let ending = live(waiting, inlet, &runtime);
            runtime.shutdown_background();
            ending
        }
        Err(error) => Ending::Broken(Failure::Storage {
            detail: error.to_string(),
        }),
    };
    inlet.push(Input::Ended(ending));
}

/// Until there is no engine any more; says why.
fn live(mut waiting: Waiting, inlet: &Inlet, runtime: &Runtime) -> Ending {
    let mut config = waiting.config;
    let aside = Aside::new(config.home.clone(), inlet.clone());
    runtime.block_on(async {
        aside.perform(Effect::Later(Duration::from_secs(60), Tick::Minute));
    });
    let mut has_lived = false;
    loop {
        match hutong_host::start(&config) {
            Ok((engine, stream)) => {
                let performer = Performer::new((engine.clone(), stream.asker()), &config, &aside);
                let (window, asked) = mpsc::channel(1);
                let manner = Manner {
                    window: Some(window),
                    ..Manner::quiet(waiting.lang)
                };
                let fate = runtime.block_on(async {
                    tokio::select! {
                        fate = serve(&mut waiting.effects, stream, (&performer, inlet)) => fate,
                        () = local::open_to_others(&config.home, &engine, manner) => Fate::Stopped,
                        () = come_forward(asked, inlet) => Fate::Stopped,
                    }
                });
                match fate {
                    Fate::Stopped => return Ending::Stopped,
                    Fate::Failed => runtime.block_on(hutong_host::farewell(&engine)),
                }
            }
            Err(Failure::HomeLocked) if !has_lived => return Ending::HomeLocked,
            Err(failure) if !has_lived => return Ending::Broken(failure),
            Err(failure) => tracing::warn!(?failure, "the home is still not to be used"),
        }
        has_lived = true;
        config.resumes_session = true;
        if !runtime.block_on(rest(&mut waiting.effects, &aside, inlet)) {
            return Ending::Stopped;
        }
    }
}

/// Whoever opens this home once more sees this window instead.
async fn come_forward(mut asked: Receiver<()>, inlet: &Inlet) {
    while asked.recv().await.is_some() {
        inlet.push(Input::Intent(Intent::Go(Go::Front)));
    }
}

/// As long as this engine serves.
async fn serve(
    effects: &mut Receiver<Effect>,
    mut stream: EventStream,
    (performer, inlet): (&Performer<'_>, &Inlet),
) -> Fate {
    let asking = async {
        while let Some(effect) = effects.recv().await {
            performer.perform(effect).await;
        }
    };
    let hearing = async {
        while let Some(told) = stream.next().await {
            match told {
                Told::Event(event) => {
                    let has_failed = fails(&event);
                    inlet.push(Input::Told(event));
                    if has_failed {
                        performer.purposes().for_each(|purpose| {
                            inlet.push(Input::Answer(purpose, Err(not_kept())));
                        });
                        return Fate::Failed;
                    }
                }
                Told::Answer { tag, result } => {
                    if let Some(purpose) = performer.purpose(tag) {
                        inlet.push(Input::Answer(purpose, result));
                    }
                }
            }
        }
        Fate::Stopped
    };
    tokio::select! {
        () = asking => Fate::Stopped,
        fate = hearing => fate,
    }
}

fn fails(event: &Event) -> bool {
    matches!(
        event,
        Event::Warning {
            code: WarningCode::Storage,
            ..
        }
    )
}

fn not_kept() -> Failure {
    Failure::Storage {
        detail: "the home is not open".to_owned(),
    }
}

/// A moment without an engine; false when the window closes meanwhile.
async fn rest(effects: &mut Receiver<Effect>, aside: &Aside, inlet: &Inlet) -> bool {
    let end = Instant::now() + Duration::from_millis(HOME_RETRY_MS);
    while let Ok(effect) = timeout_at(end, effects.recv()).await {
        match effect.map(|effect| aside.perform(effect)) {
            Some(Some(Effect::Ask(purpose, _))) => {
                inlet.push(Input::Answer(purpose, Err(not_kept())));
            }
            Some(Some(Effect::Quit)) | None => return false,
            Some(_) => (),
        }
    }
    true
}
