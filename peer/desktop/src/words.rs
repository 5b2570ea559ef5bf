//! Sentences in the person's language, where only the environment is at hand.

use crate::theme::IS_CHINESE;
use druid::Env;
use hutong_common::text::Lang;

/// The language of all texts.
pub fn lang(env: &Env) -> Lang {
    if env.get(IS_CHINESE) {
        Lang::Zh
    } else {
        Lang::En
    }
}

/// The words of `sentence`, for `Label::dynamic` and the like: `|_, env| say(env, ChatText::Send)`.
#[macro_export]
macro_rules! say {
    ($env:expr, $sentence:expr) => {
        $sentence.say($crate::words::lang($env))
    };
}
