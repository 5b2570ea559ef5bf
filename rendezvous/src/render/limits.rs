//! The limits in force, behind the settings: as comments, so that the whole is still a settings file.

use super::data;
use crate::config::Config;
use crate::policy::Profile;
use hutong_common::limits::{
    ACKS_BURST_MAX, ANONYMOUS_CONNECTIONS_MAX, CHANGES_BURST_MAX, CONNECTIONS_MAX, DEVICES_MAX,
    FRAME_MEMORY_BYTES_MAX, FRIEND_REQUESTS_AN_HOUR_MAX, FRIEND_REQUESTS_OF_YOUNG_ACCOUNT_MAX,
    GUESSES_PER_LOGIN_AN_HOUR_MAX, INTRODUCTIONS_BURST_MAX, MAIL_BYTES_PER_PAIR_MAX,
    MAIL_BYTES_PER_RECIPIENT_MAX, MAIL_PER_PAIR_MAX, MAIL_PER_RECIPIENT_MAX, MESSAGE_INTERVAL_MS,
    MESSAGES_BURST_MAX, PROFILES_BURST_MAX, PUSH_QUEUE_BYTES_MAX, PUSH_QUEUE_MAX,
    QUESTIONS_BURST_MAX, RELAY_SESSIONS_MAX, RELAY_SESSIONS_PER_ACCOUNT_MAX, REQUESTS_OPEN_MAX,
    SEARCHES_A_DAY_MAX, SEARCHES_A_MINUTE_MAX,
};
use hutong_common::text::limits::Limits as Text;
use hutong_common::text::{Lang, bytes};

pub(crate) fn limits(config: &Config, lang: Lang) {
    let profile = config.profile;
    let name = match profile {
        Profile::Classroom => "classroom",
        Profile::Campus => "campus",
        Profile::Lab => "lab",
    };
    data("");
    data(&format!("# {}", Text::Head { profile: &name }.say(lang)));
    for line in strangers(profile, lang)
        .into_iter()
        .chain(accounts(profile, lang))
        .chain([relay(config, lang)])
    {
        data(&format!("#   {line}"));
    }
}

fn strangers(profile: Profile, lang: Lang) -> Vec<String> {
    let limits = profile.limits();
    let sizes = [FRAME_MEMORY_BYTES_MAX, PUSH_QUEUE_BYTES_MAX].map(|size| bytes(size as u64));
    let lines = [
        Text::Connections {
            all: &CONNECTIONS_MAX,
            devices: &DEVICES_MAX,
        },
        Text::Strangers {
            all: &ANONYMOUS_CONNECTIONS_MAX,
            per_ip: &limits.anonymous_connections_per_ip,
        },
        Text::Memory { size: &sizes[0] },
        Text::Pushes {
            count: &PUSH_QUEUE_MAX,
            size: &sizes[1],
        },
        Text::Guesses {
            login_minute: &limits.guesses_per_login_and_ip_a_minute,
            login_hour: &limits.guesses_per_login_and_ip_an_hour,
            ip: &limits.guesses_per_ip_a_minute,
            all: &GUESSES_PER_LOGIN_AN_HOUR_MAX,
        },
        Text::Registrations {
            per_ip: &limits.registrations_per_ip_an_hour,
            all: &limits.registrations_a_day,
        },
    ];
    lines.map(|line| line.say(lang)).into()
}

fn relay(config: &Config, lang: Lang) -> String {
    if !config.relay {
        return Text::RelayOff.say(lang);
    }
    let (each, all) = config.relay_rates();
    let [each, all] = [each, all].map(|rate| match rate {
        0 => Text::NoLimit.say(lang),
        rate => bytes(rate),
    });
    let line = Text::Relay {
        sessions: &RELAY_SESSIONS_MAX,
        account: &RELAY_SESSIONS_PER_ACCOUNT_MAX,
        each: &each,
        all: &all,
    };
    line.say(lang)
}

fn accounts(profile: Profile, lang: Lang) -> Vec<String> {
    let sizes = [MAIL_BYTES_PER_RECIPIENT_MAX, MAIL_BYTES_PER_PAIR_MAX].map(bytes);
    let mail = Text::Mail {
        count: &MAIL_PER_RECIPIENT_MAX,
        size: &sizes[0],
        pair_count: &MAIL_PER_PAIR_MAX,
        pair_size: &sizes[1],
    };
    if !profile.limits().slows_accounts {
        return vec![Text::Unlimited.say(lang), mail.say(lang)];
    }
    let lines = [
        Text::Messages {
            burst: &MESSAGES_BURST_MAX,
            rate: &(1000 / MESSAGE_INTERVAL_MS),
        },
        Text::Friends {
            hour: &FRIEND_REQUESTS_AN_HOUR_MAX,
            young: &FRIEND_REQUESTS_OF_YOUNG_ACCOUNT_MAX,
            open: &REQUESTS_OPEN_MAX,
        },
        Text::Searches {
            minute: &SEARCHES_A_MINUTE_MAX,
            day: &SEARCHES_A_DAY_MAX,
        },
        Text::Changes {
            profile: &PROFILES_BURST_MAX,
            other: &CHANGES_BURST_MAX,
        },
        Text::Questions {
            questions: &QUESTIONS_BURST_MAX,
            acks: &ACKS_BURST_MAX,
            introductions: &INTRODUCTIONS_BURST_MAX,
        },
        mail,
    ];
    lines.map(|line| line.say(lang)).into()
}
