//! People: requests, cards, finding somebody.

use crate::text::texts;

texts! {
    /// Words about people.
    pub enum PeopleText {
        AddTitle: "Add a friend", "添加好友";
        AddLogin: "Their login name", "对方的登录名";
        AddGreeting: "A few words with it (optional)", "附言（可不填）";
        Find: "Find", "查找";
        Ask: "Send the request", "发送申请";
        Asked { name }: "Your request to {name} is sent.", "已向 {name} 发送申请。";
        AskHint: "They decide whether you become friends.", "对方同意后即成为好友。";
        Accept: "Accept", "同意";
        Decline: "Decline", "拒绝";
        Accepted { name }: "You and {name} are friends now.", "您与 {name} 已成为好友。";
        Declined: "Declined.", "已拒绝。";
        StateAccepted: "accepted", "已同意";
        StateDeclined: "declined", "已拒绝";
        StatePending: "waits for an answer", "等待对方处理";
        NoRequests: "No requests", "没有申请";
        NoRequestsHint: "When somebody wants to be your friend, it appears here.", "有人想加您为好友时，会显示在这里。";
        AsksYou: "asks to be your friend", "请求加您为好友";
        YouAsked: "you asked them", "您发出的申请";
        Answered: "Answered before", "已处理的申请";
        SendMessage: "Send a message", "发消息";
        RemoveFriend: "Remove", "删除好友";
        RemoveTitle { name }: "Remove {name}?", "删除好友 {name}？";
        RemoveText: "You can no longer write to each other. Your history stays here.", "之后双方不能互发消息，聊天记录保留在本机。";
        Removed { name }: "{name} is no longer your friend.", "已删除好友 {name}。";
        WhyNotDirect: "Why no direct path?", "为什么不能直连？";
        Block: "Block", "拉黑";
        Unblock: "Lift the block", "取消拉黑";
        Cancel: "Cancel", "取消";
        Close: "Close", "关闭";
        Login { login }: "Login name: {login}", "登录名：{login}";
        MuteNow: "No notices of this conversation", "消息免打扰";
        UnmuteNow: "Notices of this conversation again", "取消免打扰";
        Mute: "No notices of this conversation, unless somebody mentions me", "消息免打扰（有人提到我时仍然提醒）";
        Remark: "My own name for them", "备注名";
        Save: "Save", "保存";
        RemarkHint: "Only you see it", "仅自己可见";
        Blocked: "You blocked them: nothing comes from them.", "已拉黑：不会收到对方的消息。";
        BlockedTitle: "Blocked people", "黑名单";
        NoneBlocked: "Nobody is blocked. Somebody's card has the button for it.", "没有拉黑任何人。可以在对方的名片中拉黑。";
        SafetyNumber: "Safety number", "安全码";
        SafetyTitle { name }: "Safety number with {name}", "与 {name} 的安全码";
        SafetyHint: "Compare it with theirs, in person or by telephone. The same digits on both sides: nobody stands between you.", "请当面或通过电话与对方核对。双方数字一致，即说明中间没有他人。";
        SafetyVerified: "✓ Compared: it is really them.", "✓ 已核对，确认是本人。";
        SafetyUnverified: "Not compared yet.", "尚未核对。";
        SafetyChanged { name }: "The key of {name} is another one than before: they registered anew, or somebody took their place. Compare it before you go on.", "{name} 的密钥与以前不同：可能重新注册了账号，也可能有人冒充。请先核对，再继续。";
        SafetySame: "They are the same", "数字一致";
        SafetyAccept: "Go on without comparing", "不核对，继续使用";
        MessageWaits { name }: "Your message to {name} waits: their key has changed.", "发给 {name} 的消息正在等待：对方的密钥已更换。";
    }
}
