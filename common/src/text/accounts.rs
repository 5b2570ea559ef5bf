//! What a rendezvous tells its admin about accounts: columns, states, and what a command came to.

use super::texts;

texts! {
    /// Words and sentences of `rendezvous account` and `rendezvous device`.
    pub enum Accounts {
        Account: "account", "账号";
        Login: "login", "登录名";
        Name: "name", "昵称";
        Role: "role", "角色";
        State: "state", "状态";
        Devices: "devices", "设备数";
        LastSeen: "last seen", "最近在线";
        Created: "registered", "注册时间";
        Friends: "friends", "好友数";
        Mail: "waiting mail", "待取消息";
        MailWaiting { messages, size }: "{messages} ({size}, sealed)", "{messages} 条（已加密，共 {size}）";
        Device: "device", "设备";
        Label: "label", "名称";
        Kind: "kind", "类型";
        Added: "added", "添加时间";
        Until: "until", "有效期至";

        Member: "member", "成员";
        Teacher: "teacher", "老师";
        Admin: "admin", "管理员";
        Active: "active", "正常";
        Locked: "locked", "已锁定";
        LockedSince { time }: "locked since {time}", "自 {time} 起锁定";
        Deleted: "deleted", "已删除";
        Own: "computer", "个人电脑";
        Seat: "seat", "公用机位";
        Live: "in use", "有效";
        Expired: "expired", "已过期";
        Removed: "removed", "已移除";
        Online: "online", "在线";
        NeverSeen: "never", "从未";

        Unchanged { login }: "Nothing to change: \"{login}\" is like that already.", "无需更改：“{login}”已经如此。";
        Renamed { login, name }: "\"{login}\" is now called \"{name}\".", "“{login}”的昵称已改为“{name}”。";
        HasLocked { login }: "\"{login}\" is locked: signed out everywhere, and kept out until you unlock it.", "“{login}”已锁定：所有设备均已断开，解锁前无法登录。";
        HasUnlocked { login }: "\"{login}\" may come in again.", "“{login}”已解锁，可以重新登录。";
        HasRole { login, role }: "\"{login}\" is now: {role}.", "“{login}”现在的角色：{role}。";
        HasDeleted { login }: "\"{login}\" is deleted. Its login stays taken for 30 days.", "“{login}”已删除，该登录名将保留 30 天。";
        HasRemoved { login }: "The device is removed from \"{login}\" and can do nothing any more. Mail that was sealed before could still be opened with its keys: ask the person to change them (hutong devices --remove).", "已从“{login}”移除该设备，它不能再进行任何操作。此前加密的消息仍可能被它的密钥打开，请让本人更换密钥（hutong devices --remove）。";
        ResetCode { login, code }: "Give this code to the person of \"{login}\": hutong register {login} --code {code}. It works once, for 7 days; all computers of the account are signed out when it is used, and its friends are told that the key changed.", "请将此码交给“{login}”本人：hutong register {login} --code {code}。7 天内可使用一次；使用后该账号的所有电脑都会退出登录，好友会收到密钥更换的提示。";
        AskToDelete { login }: "Delete \"{login}\" with its friends and waiting mail, for good? Type yes:", "确定要永久删除“{login}”及其好友关系和待取消息吗？请输入 yes：";
    }
}
