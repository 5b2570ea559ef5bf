//! Who one writes to, and what one writes.

use crate::text::texts;

texts! {
    /// Words above and below the messages.
    pub enum ComposeText {
        Send: "Send", "发送";
        Placeholder: "Write a message", "输入消息";
        EnterHint: "Enter sends · Shift+Enter begins a new line", "Enter 发送 · Shift+Enter 换行";
        WayDirect: "messages go directly", "消息直连传送";
        WayRelay: "messages go through the server, encrypted", "消息经服务器加密中继";
        WayMail: "messages wait sealed at the server", "消息密封存放在服务器";
        WayNone: "messages wait here", "消息暂存在本机";
        Emoji: "Emoji", "表情";
        Attach: "Send files", "发送文件";
    }
}
