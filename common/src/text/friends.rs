//! Why somebody cannot be asked to be a friend, in words that say what to do.

use super::{Lang, texts};

texts! {
    /// What follows "{login} cannot be asked".
    pub enum WhyNot {
        Own: "it is your own account.", "这是您自己的账号。";
        AlreadyFriends: "you are friends already.", "你们已经是好友。";
        AlreadyRequested: "your request waits for an answer.", "您的申请还在等待对方处理。";
        TheyRequested: "they asked you already. Accept that with \"hutong accept\".", "对方已经向您发出申请，请用 hutong accept 同意。";
        DeclinedLately: "they declined less than a day ago. Try again tomorrow.", "对方在一天之内拒绝过您的申请，请明天再试。";
        Blocked: "you blocked them. Use \"hutong unblock\" first.", "您已将对方拉黑，请先用 hutong unblock 取消。";
    }
}

/// The reason of this stable name in words; none for one of a newer program.
pub fn why_not(code: &str, lang: Lang) -> Option<String> {
    let said = match code {
        "self" => WhyNot::Own,
        "already_friends" => WhyNot::AlreadyFriends,
        "already_requested" => WhyNot::AlreadyRequested,
        "they_requested" => WhyNot::TheyRequested,
        "declined_lately" => WhyNot::DeclinedLately,
        "blocked" => WhyNot::Blocked,
        _ => return None,
    };
    Some(said.say(lang))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpc::friends::CanAdd;

    #[test]
    fn every_reason_has_words_in_both_languages() {
        for why in [
            CanAdd::Own,
            CanAdd::AlreadyFriends,
            CanAdd::AlreadyRequested,
            CanAdd::TheyRequested,
            CanAdd::DeclinedLately,
            CanAdd::Blocked,
        ] {
            let code = why.why_not().unwrap();
            let words = [Lang::En, Lang::Zh].map(|lang| why_not(code, lang).unwrap());
            assert_ne!(words[0], words[1], "{code}");
        }
        assert_eq!(CanAdd::Yes.why_not(), None);
        assert_eq!(why_not("newer", Lang::En), None);
    }
}
