//! Everything this program says to people, in both languages side by side, and how a language is chosen.
//!
//! Called by `render.rs`, which prints it. No sentence for people stands anywhere else in this package; what goes into
//! the log is English.

use crate::failure::Failure;
use clap::ValueEnum;
use hutong_common::limits::{DAY_MS, HOUR_MS};
use std::env;

/// A language that the program speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// Simplified Chinese.
    #[value(name = "zh")]
    Chinese,
    /// English.
    #[value(name = "en")]
    English,
}

impl Language {
    /// The language that the environment asks for, by the variables of POSIX; English when it asks for none of ours.
    pub fn of_system() -> Self {
        let asked = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .filter_map(|name| env::var(name).ok());
        Self::of_locale(
            asked
                .filter(|locale| !locale.is_empty())
                .next()
                .unwrap_or_default()
                .as_str(),
        )
    }

    fn of_locale(locale: &str) -> Self {
        if locale.to_ascii_lowercase().starts_with("zh") {
            Self::Chinese
        } else {
            Self::English
        }
    }

    fn pick(self, zh: impl Into<String>, en: impl Into<String>) -> String {
        match self {
            Self::Chinese => zh.into(),
            Self::English => en.into(),
        }
    }
}

/// What is told about a rendezvous that is ready.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Greeting<'a> {
    Running { name: &'a str },
    Addresses { hosts: &'a [String] },
    Fingerprint { fingerprint: &'a str },
    Join { link: &'a str },
    JoinFound,
    OwnerCode { code: &'a str },
    HowToStop,
    Stopping,
}

pub(crate) fn greeting(said: Greeting<'_>, language: Language) -> String {
    match said {
        Greeting::Running { name } => {
            language.pick(format!("“{name}” 已启动。"), format!("\"{name}\" is running."))
        }
        Greeting::Addresses { hosts } => {
            let hosts = hosts.join("  ");
            language.pick(format!("  地址    {hosts}"), format!("  address      {hosts}"))
        }
        Greeting::Fingerprint { fingerprint } => language
            .pick(format!("  指纹    {fingerprint}"), format!("  fingerprint  {fingerprint}")),
        Greeting::Join { link } => {
            language.pick(format!("  邀请    {link}"), format!("  invitation   {link}"))
        }
        Greeting::JoinFound => language.pick(
            "同一局域网内的客户端会自动找到本服务器;其他人请使用上面的邀请链接,并核对指纹。",
            "Clients on this network find it by themselves; everybody else joins with the invitation. Compare fingerprints.",
        ),
        Greeting::OwnerCode { code } => language.pick(
            format!("还没有管理员:第一个账户注册时填写管理员码 {code} 即成为管理员。"),
            format!("There is no admin yet: who registers with the owner code {code} becomes one."),
        ),
        Greeting::HowToStop => language.pick("按 Ctrl-C 停止。", "Ctrl-C stops it."),
        Greeting::Stopping => language.pick("正在停止……", "Stopping."),
    }
}

/// The one sentence about a failure.
pub(crate) fn failure(failure: &Failure, language: Language) -> String {
    match failure {
        Failure::DataInUse { path } => language.pick(
            format!("数据文件夹 {} 正被另一个服务器使用。", path.display()),
            format!("The data folder {} is in use by another rendezvous.", path.display()),
        ),
        Failure::OpenToOthers { path } => language.pick(
            format!("其他用户可以访问 {};请先收回权限(chmod 600),如果可能已被读取,请更换密钥。", path.display()),
            format!("Others can access {}; take that away (chmod 600), and replace the key if it may have been read.", path.display()),
        ),
        Failure::KeyDamaged { path } => language.pick(
            format!("密钥文件 {} 已损坏;请从备份恢复。", path.display()),
            format!("The key file {} is damaged; restore it from a backup.", path.display()),
        ),
        Failure::NoDataFolder => language.pick(
            "本系统没有默认的数据文件夹;请用 --data 指定一个。",
            "This system names no folder for data; give one with --data.",
        ),
        Failure::NeverStarted { path } => language.pick(
            format!("{} 里还没有服务器;请先运行 rendezvous serve。", path.display()),
            format!("There is no rendezvous in {} yet; run `rendezvous serve` first.", path.display()),
        ),
        Failure::ClockBehind { by_ms } => language.pick(
            format!("系统时钟比最后一次写入早 {};请校准时钟,或加 --accept-clock。", span(*by_ms, language)),
            format!("The clock is {} before the last change; correct it, or start with --accept-clock.", span(*by_ms, language)),
        ),
        Failure::ClockAhead { by_ms } => language.pick(
            format!("系统时钟比最后一次写入晚 {};如果时钟正确,请加 --accept-clock。", span(*by_ms, language)),
            format!("The clock is {} after the last change; if it is right, start with --accept-clock.", span(*by_ms, language)),
        ),
        Failure::Setting { path, line, fault } => language.pick(
            format!("配置文件 {} 第 {line} 行有误:{fault}", path.display()),
            format!("{}:{line}: {fault}", path.display()),
        ),
        Failure::AddressInUse { address } => language.pick(
            format!("地址 {address} 已被其他程序占用;请用 --listen 或 --http 换一个端口。"),
            format!("Another program listens on {address}; choose another port with --listen or --http."),
        ),
        Failure::Address { address, source } => language.pick(
            format!("无法监听 {address}:{source}"),
            format!("Cannot listen on {address}: {source}"),
        ),
        Failure::Host { host } => language.pick(
            format!("“{host}” 不是“主机:端口”。"),
            format!("\"{host}\" is not a host and port."),
        ),
        Failure::File { path, source } => language.pick(
            format!("无法使用 {}:{source}", path.display()),
            format!("Cannot use {}: {source}", path.display()),
        ),
        Failure::Database { path, fault } => language.pick(
            format!("无法使用数据库 {}:{fault}", path.display()),
            format!("Cannot use the database {}: {fault}", path.display()),
        ),
        Failure::Refused { fault } => language.pick(
            format!("正在运行的服务器没有照办:{fault}"),
            format!("The running rendezvous did not do it: {fault}"),
        ),
        Failure::System { source } => {
            language.pick(format!("系统错误:{source}"), format!("The system refused: {source}"))
        }
    }
}

/// Whole days, or hours and minutes when there are none.
fn span(ms: u64, language: Language) -> String {
    let (days, hours, minutes) = (ms / DAY_MS, ms / HOUR_MS, ms % HOUR_MS / 60_000);
    if days > 0 {
        language.pick(format!("{days} 天"), format!("{days} days"))
    } else {
        language.pick(
            format!("{hours} 小时 {minutes} 分"),
            format!("{hours} h {minutes} min"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_is_chinese_or_english() {
        for locale in ["zh_CN.UTF-8", "zh", "ZH_TW"] {
            assert_eq!(Language::of_locale(locale), Language::Chinese, "{locale}");
        }
        for locale in ["", "C", "en_GB.UTF-8", "de_DE"] {
            assert_eq!(Language::of_locale(locale), Language::English, "{locale}");
        }
    }

    #[test]
    fn a_clock_that_is_off_is_told_in_spans_that_people_know() {
        let behind = Failure::ClockBehind {
            by_ms: 3 * HOUR_MS + 5 * 60_000,
        };
        assert!(failure(&behind, Language::English).contains("3 h 5 min before"));
        let ahead = Failure::ClockAhead { by_ms: 40 * DAY_MS };
        assert!(failure(&ahead, Language::Chinese).contains("晚 40 天"));
    }
}
