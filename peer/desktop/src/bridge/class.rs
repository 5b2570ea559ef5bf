//! One's own class, started, found again and stopped for the window.

use super::Inlet;
use crate::input::{ClassWish, Input, Kept};
use hutong_common::text::Lang;
use hutong_common::text::desktop::class::ClassText;
use hutong_engine::engine::{Engine, EngineConfig};
use hutong_host::class::{Class, NotStarted, Serve, Wanted};
use std::sync::Arc;

/// Keeps it.
pub(super) struct Keeper {
    pub(super) engine: Engine,
    pub(super) config: EngineConfig,
    pub(super) inlet: Inlet,
}

impl Keeper {
    /// Does it, and tells the window. A start takes seconds and is not waited for; a stop is, as the window may close next.
    pub(super) async fn perform(self, wish: ClassWish, lang: Lang) {
        if wish == ClassWish::Stop {
            let is_gone = Class::of(&self.config.home).stop().await;
            let told = if is_gone {
                Ok(Kept::Rests)
            } else {
                Err(ClassText::NotStopped.say(lang))
            };
            self.inlet.push(Input::Class(told));
            return;
        }
        tokio::spawn(async move {
            let told = self.start(wish, lang).await;
            self.inlet
                .push(Input::Class(told.map_err(|why| why.say(lang))));
        });
    }

    async fn start(&self, wish: ClassWish, lang: Lang) -> Result<Kept, NotStarted> {
        let class = Class::of(&self.config.home);
        let serve = Serve {
            listen: self.config.bind.map(|ip| (ip, 0).into()),
            mdns: self.config.mdns,
            accept_clock: false,
            lang,
        };
        let open = |open| Kept::Open(Arc::new(open));
        match wish {
            ClassWish::Start {
                name,
                login,
                password,
                display_name,
            } => {
                let wanted = Wanted {
                    name: Some(name),
                    login,
                    password,
                    display_name,
                    serve,
                };
                class.start(&self.engine, wanted).await.map(open)
            }
            ClassWish::GoOn if class.rests() => Ok(Kept::Rests),
            ClassWish::GoOn | ClassWish::Resume if class.exists() => {
                class.resume(serve).await.map(open)
            }
            ClassWish::GoOn | ClassWish::Resume | ClassWish::Stop => Ok(Kept::None),
        }
    }
}
