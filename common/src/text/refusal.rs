//! Every [`Refusal`] explained to a person: what happened, and what to do where something can be done.

use super::{Lang, duration, texts};
use crate::limits::{
    LOGIN_CHARS_MAX, LOGIN_CHARS_MIN, NAME_CHARS_MAX, PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN,
};
use crate::name::{NameRule, PasswordRule};
use crate::refusal::Refusal;

texts! {
    /// Explanations of refusals.
    pub enum Explained {
        Malformed: "The request makes no sense to the other side. Both programs may need an update.", "对方无法理解这个请求，双方的程序可能需要更新。";
        TooLarge: "That is too large to send.", "内容太大，无法发送。";
        TooFast { pause }: "Too many requests. Try again in {pause}.", "操作太频繁，请在 {pause}后再试。";
        Version: "The other side runs an older version and does not know this.", "对方的版本较旧，不支持这个操作。";
        Busy { pause }: "The rendezvous is busy. Try again in {pause}.", "服务器正忙，请在 {pause}后再试。";
        NotSignedIn: "You are not signed in.", "您尚未登录。";
        PasswordNeeded: "Please sign in with your password again.", "请重新输入密码登录。";
        WrongLoginOrPassword: "Wrong login or password.", "登录名或密码错误。";
        LockedNeedsCode: "This account is locked. Ask the teacher or administrator to unlock it, or for a one-time code.", "该账号已锁定，请让老师或管理员解锁，或索取一次性验证码。";
        Conflict: "Somebody changed it at the same moment. Please try again.", "同时有人做了修改，请再试一次。";
        Cloned: "This computer's disk was copied or set back, so another one uses the same device key. Sign in again.", "这台电脑的磁盘被复制或还原过，设备密钥已被另一台使用。请重新登录。";
        NameTaken: "This login is taken. Choose another one.", "该登录名已被使用，请换一个。";
        NameTooShort { login_min }: "The name is too short: a login has at least {login_min} characters, a display name at least one.", "名字太短：登录名至少 {login_min} 个字符，昵称至少 1 个字符。";
        NameTooLong { login_max, name_max }: "The name is too long: a login has at most {login_max} characters, a display name {name_max}.", "名字太长：登录名最多 {login_max} 个字符，昵称最多 {name_max} 个字符。";
        NameForbiddenCharacter: "The name holds a character that is not allowed. Logins take letters, digits and _ . -", "名字中含有不允许的字符。登录名只能使用文字、数字和 _ . -";
        NameEdgeCharacter: "A login begins and ends with a letter or digit.", "登录名的开头和结尾必须是文字或数字。";
        NameReserved: "Only teachers and admins may be called that. Choose another name.", "只有老师和管理员可以用这样的名字，请换一个。";
        PasswordTooShort { min }: "The password is too short: use at least {min} characters.", "密码太短：至少需要 {min} 个字符。";
        PasswordTooLong { max }: "The password is too long: use at most {max} characters.", "密码太长：最多 {max} 个字符。";
        PasswordSameAsName: "The password must differ from your login and name.", "密码不能与登录名或昵称相同。";
        PasswordTooCommon: "Everybody tries this password first. Choose another one.", "这个密码太常见，请换一个。";
        InviteNeeded: "Registering here needs an invitation or a code.", "在此注册需要邀请链接或注册码。";
        NotFound: "There is no such thing, or it is not yours to see.", "不存在，或者您无权查看。";
        NotContacts: "You are not friends. Send a friend request first.", "你们还不是好友，请先发送好友申请。";
        NotMember: "You are not a member.", "您不是成员。";
        NotAllowed: "You are not allowed to do this.", "您没有权限这样做。";
        AlreadyDone: "This was done before.", "已经完成，无需重复。";
        Muted { until }: "You may not speak here until {until}.", "您在 {until} 之前不能在此发言。";
        TooManyDevices: "Your account has as many computers as it may have. On one of them, \"hutong devices\" lists them and \"hutong devices --remove ID\" takes one out; then sign in here again.", "您的账号登录的电脑已达上限。请在其中一台上用 hutong devices 查看，用 hutong devices --remove 编号 移除一台，然后在这里重新登录。";
        QuotaFull { pause }: "The limit is used up. Try again in {pause}.", "额度已用完，请在 {pause}后再试。";
        ServerFull: "The rendezvous is full. Tell its administrator.", "服务器已满，请联系管理员。";
        Expired: "This is too old and no longer valid.", "已过期，不再有效。";
        RelayUnavailable: "No relay is available now.", "暂时没有可用的中继。";
        Declined: "The other side declined.", "对方已拒绝。";
        FileChanged: "The file was changed after it was offered. Ask for it again.", "文件在发出后被修改过，请让对方重新发送。";
        FileDamaged: "The bytes do not match the file that was offered.", "收到的数据与原文件不符。";
        NoSpace: "The disk is full.", "磁盘空间不足。";
        ShuttingDown: "The rendezvous is restarting. Try again in a moment.", "服务器正在重启，请稍后再试。";
        Internal { incident }: "Something went wrong on the other side. Tell its administrator the number {incident}.", "对方出现内部错误，请将编号 {incident} 告诉管理员。";
    }
}

/// What a refusal means, in the person's language. `clock` writes a Unix time in milliseconds as the face shows times.
pub fn explain(refusal: &Refusal, lang: Lang, clock: &dyn Fn(u64) -> String) -> String {
    let said = match refusal {
        Refusal::Malformed => Explained::Malformed,
        Refusal::TooLarge => Explained::TooLarge,
        Refusal::TooFast { retry_ms } => {
            return Explained::TooFast {
                pause: &duration(*retry_ms, lang),
            }
            .say(lang);
        }
        Refusal::Version => Explained::Version,
        Refusal::Busy { retry_ms } => {
            return Explained::Busy {
                pause: &duration(*retry_ms, lang),
            }
            .say(lang);
        }
        Refusal::NotSignedIn => Explained::NotSignedIn,
        Refusal::PasswordNeeded => Explained::PasswordNeeded,
        Refusal::WrongLoginOrPassword => Explained::WrongLoginOrPassword,
        Refusal::LockedNeedsCode => Explained::LockedNeedsCode,
        Refusal::Conflict => Explained::Conflict,
        Refusal::Cloned => Explained::Cloned,
        Refusal::NameTaken => Explained::NameTaken,
        Refusal::NameInvalid { rule } => name_rule(*rule),
        Refusal::NameReserved => Explained::NameReserved,
        Refusal::PasswordTooWeak { rule } => password_rule(*rule),
        Refusal::InviteNeeded => Explained::InviteNeeded,
        Refusal::NotFound => Explained::NotFound,
        Refusal::NotContacts => Explained::NotContacts,
        Refusal::NotMember => Explained::NotMember,
        Refusal::NotAllowed => Explained::NotAllowed,
        Refusal::AlreadyDone => Explained::AlreadyDone,
        Refusal::Muted { until_ms } => {
            return Explained::Muted {
                until: &clock(*until_ms),
            }
            .say(lang);
        }
        Refusal::TooManyDevices => Explained::TooManyDevices,
        Refusal::QuotaFull { retry_ms } => {
            return Explained::QuotaFull {
                pause: &duration(*retry_ms, lang),
            }
            .say(lang);
        }
        Refusal::ServerFull => Explained::ServerFull,
        Refusal::Expired => Explained::Expired,
        Refusal::RelayUnavailable => Explained::RelayUnavailable,
        Refusal::Declined => Explained::Declined,
        Refusal::FileChanged => Explained::FileChanged,
        Refusal::FileDamaged => Explained::FileDamaged,
        Refusal::NoSpace => Explained::NoSpace,
        Refusal::ShuttingDown => Explained::ShuttingDown,
        Refusal::Internal { incident } => {
            return Explained::Internal { incident }.say(lang);
        }
    };
    said.say(lang)
}

const fn name_rule(rule: NameRule) -> Explained<'static> {
    match rule {
        NameRule::TooShort => Explained::NameTooShort {
            login_min: &LOGIN_CHARS_MIN,
        },
        NameRule::TooLong => Explained::NameTooLong {
            login_max: &LOGIN_CHARS_MAX,
            name_max: &NAME_CHARS_MAX,
        },
        NameRule::ForbiddenCharacter => Explained::NameForbiddenCharacter,
        NameRule::EdgeCharacter => Explained::NameEdgeCharacter,
    }
}

const fn password_rule(rule: PasswordRule) -> Explained<'static> {
    match rule {
        PasswordRule::TooShort => Explained::PasswordTooShort {
            min: &PASSWORD_CHARS_MIN,
        },
        PasswordRule::TooLong => Explained::PasswordTooLong {
            max: &PASSWORD_CHARS_MAX,
        },
        PasswordRule::SameAsName => Explained::PasswordSameAsName,
        PasswordRule::TooCommon => Explained::PasswordTooCommon,
    }
}

/// A refusal of which only the stable name is known, in words; none where the words need more than the name.
pub fn explain_code(code: &str, lang: Lang) -> Option<String> {
    const WORDS_SUFFICE: [Refusal; 14] = [
        Refusal::NotFound,
        Refusal::NotContacts,
        Refusal::NotMember,
        Refusal::NotAllowed,
        Refusal::AlreadyDone,
        Refusal::Declined,
        Refusal::FileChanged,
        Refusal::FileDamaged,
        Refusal::NoSpace,
        Refusal::Expired,
        Refusal::TooLarge,
        Refusal::RelayUnavailable,
        Refusal::ServerFull,
        Refusal::Conflict,
    ];
    let known = WORDS_SUFFICE
        .iter()
        .find(|refusal| refusal.code() == code)?;
    // None of these tells a time.
    Some(explain(known, lang, &|_| String::new()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_filled_in() {
        let clock = |ms: u64| format!("<{ms}>");
        let said = |refusal, lang| explain(&refusal, lang, &clock);
        assert_eq!(
            said(Refusal::TooFast { retry_ms: 1_200 }, Lang::En),
            "Too many requests. Try again in 2 s."
        );
        assert_eq!(
            said(
                Refusal::QuotaFull {
                    retry_ms: 3_600_000
                },
                Lang::Zh
            ),
            "额度已用完，请在 60 分钟后再试。"
        );
        assert!(said(Refusal::Muted { until_ms: 7 }, Lang::En).contains("<7>"));
        assert!(said(Refusal::Internal { incident: 77 }, Lang::Zh).contains("77"));
        assert!(
            said(
                Refusal::PasswordTooWeak {
                    rule: PasswordRule::TooShort
                },
                Lang::En
            )
            .contains('8')
        );
    }
}
