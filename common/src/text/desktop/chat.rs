//! The conversation: its rows, its bar, and what is written below it; times beside them, and why something failed.

use crate::text::{Lang, refusal, texts};

texts! {
    /// Words in and around a conversation.
    pub enum ChatText {
        Send: "Send", "发送";

        NoMessages: "No messages yet", "还没有消息";
        NoMessagesHint: "Say hello below.", "在下方输入，打个招呼吧。";
        Loading: "Loading …", "正在加载…";
        LoadingOlder: "Loading older messages …", "正在加载更早的消息…";
        Announcement: "Announcement", "公告";
        NewBelow: "New messages", "以下为新消息";
        ToNewest: "To the newest", "回到最新";
        OneNew: "1 new", "1 条新消息";
        ManyNew { count }: "{count} new", "{count} 条新消息";
        NeedsNewer: "This message can only be shown by a newer version.", "这条消息需要更新的版本才能显示。";

        Yesterday { time }: "Yesterday {time}", "昨天 {time}";
        Monday { time }: "Monday {time}", "星期一 {time}";
        Tuesday { time }: "Tuesday {time}", "星期二 {time}";
        Wednesday { time }: "Wednesday {time}", "星期三 {time}";
        Thursday { time }: "Thursday {time}", "星期四 {time}";
        Friday { time }: "Friday {time}", "星期五 {time}";
        Saturday { time }: "Saturday {time}", "星期六 {time}";
        Sunday { time }: "Sunday {time}", "星期日 {time}";
        ThisYear { month, day, time }: "{day} {month} {time}", "{month}月{day}日 {time}";
        OtherYear { year, month, day, time }: "{day} {month} {year} {time}", "{year}年{month}月{day}日 {time}";

        Queued: "○ Waiting", "○ 待发";
        OnItsWay: "○ Sending", "○ 发送中";
        AtServer: "✓ On the server", "✓ 服务器已存";
        Delivered: "✓✓ Delivered", "✓✓ 已送达";
        Read: "● Read", "● 已读";
        Failed: "Not sent", "发送失败";
        FailedBecause { why }: "Not sent: {why}", "发送失败：{why}";
        SendAgain: "Send again", "重新发送";

        PathDirect: "directly, computer to computer", "直连，不经过服务器";
        PathRelay: "through the server, encrypted", "经服务器中继，全程加密";
        PathMail: "as sealed mail at the server", "经服务器信箱，密封保存";
        PathNone: "not handed over yet", "尚未发出";
        WayDirect: "direct", "直连";
        WayRelay: "relay", "中继";
        WayMail: "mail", "信箱";

        WaitsForYou: "waits for your answer", "等待您接收";
        WaitsForThem: "waits for the other side", "等待对方接收";
        WaitsForReach: "waits for the other side to be online", "等待对方上线";
        PausedByYou: "paused by you", "您已暂停";
        PausedByThem: "paused by the other side", "对方已暂停";
        PausedByBoth: "paused by both", "双方已暂停";
        Paused: "paused", "已暂停";
        Received: "received and verified", "已接收并校验";
        TheyReceived: "received by the other side", "对方已接收";
        DeclinedByYou: "declined", "您已拒绝";
        DeclinedByThem: "declined by the other side", "对方已拒绝";
        TransferFailed: "transfer failed", "传输失败";
        Progress { done, size, percent }: "{done} of {size}\u{a0}· {percent}\u{a0}%", "已传 {done} / {size}\u{a0}· {percent}%";
        Rate { rate }: "{rate}/s", "{rate}/秒";
        MayRun: "Opening this file may run it as a program.", "打开此文件可能会运行程序，请谨慎。";
        PictureLoading: "Loading the picture …", "图片加载中…";

        Accept: "Accept", "接收";
        AcceptAgain: "Fetch again", "重新接收";
        Decline: "Decline", "拒绝";
        Pause: "Pause", "暂停";
        Resume: "Resume", "继续";
        Cancel: "Cancel", "取消";
        Open: "Open", "打开";
        Reveal: "Show in folder", "在文件夹中显示";
        Enlarge: "Enlarge", "查看大图";
        Find: "Show in the conversation", "定位到聊天位置";
        Copy: "Copy", "复制";
        CopyName: "Copy file name", "复制文件名";
        CopyLink: "Copy link", "复制链接";
        Follow: "Open link", "打开链接";

        WhyKeyChanged: "It was written for an earlier key of theirs.", "这条消息是发给对方旧密钥的。";
        WhyNotWritable: "The folder cannot be written.", "无法写入文件夹。";
        WhyCancelled: "It was cancelled here.", "已在本机取消。";
        WhySignedOut: "You signed out before it could be handed over.", "退出登录前未能发出。";
        WhyUnknown { code }: "It did not work ({code}).", "未能完成（{code}）。";
    }
}

/// Why something failed, by the code that the engine tells.
pub fn reason(code: &str, lang: Lang) -> String {
    match (refusal::explain_code(code, lang), code) {
        (Some(words), _) => words,
        (None, "key_changed") => ChatText::WhyKeyChanged.say(lang),
        (None, "not_writable") => ChatText::WhyNotWritable.say(lang),
        (None, "cancelled") => ChatText::WhyCancelled.say(lang),
        (None, "signed_out") => ChatText::WhySignedOut.say(lang),
        (None, code) => ChatText::WhyUnknown { code: &code }.say(lang),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_becomes_words_and_a_new_one_is_not_hidden() {
        for lang in [Lang::En, Lang::Zh] {
            for code in [
                "no_space",
                "declined",
                "key_changed",
                "not_writable",
                "cancelled",
                "signed_out",
            ] {
                let words = reason(code, lang);
                assert!(!words.is_empty() && words != code, "{words}");
            }
            assert!(reason("of_tomorrow", lang).contains("of_tomorrow"));
        }
    }
}
