//! What the client says while it is used: results, tables, events and questions.

use super::texts;

texts! {
    /// Sentences of the client's faces.
    pub enum Client {
        ErrorLine { text }: "error: {text}", "错误：{text}";
        WarningLine { text }: "warning: {text}", "警告：{text}";

        AskPassword: "Password:", "密码：";
        AskPasswordAgain: "Password again:", "请再输入一次密码：";
        AskOldPassword: "Old password:", "旧密码：";
        AskNewPassword: "New password:", "新密码：";
        PasswordsDiffer: "The two passwords differ.", "两次输入的密码不一致。";
        NoPasswordLine: "A password was expected on standard input, one on each line.", "应从标准输入读取密码，每行一个。";
        NoTerminal: "There is no terminal to ask for the password on. Use --password-stdin.", "没有可以输入密码的终端，请使用 --password-stdin。";

        Registered { login, account }: "Registered and signed in as {login} (account {account}).", "注册成功，已登录为 {login}（账号 {account}）。";
        SignedIn { login, account }: "Signed in as {login} (account {account}).", "已登录为 {login}（账号 {account}）。";
        AtASeat { until }: "This is a shared seat: the session ends at {until} at the latest. Sign out with \"hutong logout\" before you leave; nothing stays here, not even files saved in the home.", "这是公用电脑，最晚 {until} 结束登录。离开前请执行 hutong logout；本机不会保留任何数据，包括存放在主目录中的文件。";
        SignedOut: "Signed out. This home is empty now.", "已退出登录，本机数据已清除。";
        SignedOutUnsent: "signed out before it could be handed over", "退出登录前未能发出";
        ProfileChanged: "Profile changed.", "资料已修改。";
        PasswordChanged: "Password changed.", "密码已修改。";
        DeviceRemoved: "Removed. Your other computers ask for the password before they show mail that is sent from now on.", "已移除。您的其他电脑需要输入密码，才能查看此后收到的离线消息。";
        Unlocked: "The mail that waited is here.", "等待中的离线消息已收到。";
        RequestSent { login, request }: "Friend request {request} sent to {login}.", "已向 {login} 发送好友申请（编号 {request}）。";
        RequestAccepted: "Accepted. You are friends now.", "已同意，你们现在是好友了。";
        RequestDeclined: "Declined.", "已拒绝。";
        FriendRemoved { login }: "{login} is no longer a friend.", "已删除好友 {login}。";
        Blocked { login }: "{login} is blocked.", "已将 {login} 加入黑名单。";
        Unblocked { login }: "{login} is no longer blocked.", "已将 {login} 移出黑名单。";
        CanAdd { login }: "{login} can be asked.", "可以向 {login} 发送好友申请。";
        CannotAdd { login, why }: "{login} cannot be asked: {why}", "不能向 {login} 发送好友申请：{why}";
        MarkedRead: "Marked as read.", "已标记为已读。";
        FileDeclined: "The file was declined.", "已拒绝接收该文件。";
        FilePauseBegan: "The transfer is paused. Go on with \"hutong resume-file\".", "传输已暂停，可用 hutong resume-file 继续。";
        FilePauseEnded: "The transfer goes on.", "传输继续。";
        FileCancelled: "The transfer was cancelled.", "已取消传输。";
        WaitsInOutbox: "The rendezvous is not reachable. The message is stored here and goes out when hutong runs next.", "暂时连不上服务器，消息已保存，下次运行 hutong 时会发出。";
        WaitsForServerKey: "The rendezvous has another key than before. This may be an attack: the message is stored here and was not sent. Ask its administrator.", "服务器的密钥与以前不同，可能有人冒充。消息已保存在本机，没有发送。请询问管理员。";
        OfferedWhileRunning: "The other side can fetch the file while \"hutong watch\" or \"hutong agent\" runs here.", "对方只有在这里运行 hutong watch 或 hutong agent 时才能取走文件。";
        FetchingFile { name, size }: "Fetching {name} ({size}). Interrupting is harmless: it goes on when hutong runs next.", "正在接收 {name}（{size}）。可以随时中断，下次运行 hutong 时会继续。";
        FileSaved { path }: "Saved and verified: {path}", "已保存并校验：{path}";
        FileHandedOver { name }: "{name} was received and verified by the other side.", "对方已收到并校验 {name}。";
        Watching { login }: "Watching as {login}. Interrupt to stop.", "正在以 {login} 的身份接收消息，按 Ctrl-C 停止。";
        WatchingSignedOut: "Nobody is signed in here. Interrupt to stop.", "这里没有登录账号，按 Ctrl-C 停止。";

        NoServers: "No rendezvous seen on this network.", "在本地网络中没有发现服务器。";
        NoRequests: "No friend requests.", "没有好友申请。";
        NoFriends: "No friends yet. Ask somebody with \"hutong add LOGIN\".", "还没有好友，可以用 hutong add 登录名 添加。";
        NoMessages: "No messages.", "没有消息。";
        NoFiles: "No files.", "没有文件。";
        NothingUnread: "Nothing unread.", "没有未读消息。";
        OlderMessages { command }: "There are older messages: {command}", "还有更早的消息：{command}";
        NewerMessages { command }: "There are newer messages: {command}", "还有更新的消息：{command}";
        RemarkSet { login, name }: "{login} is shown as {name} here.", "在本机上，{login} 将显示为 {name}。";
        RemarkTaken { login }: "{login} is shown by the own name again.", "{login} 将显示原来的昵称。";
        DraftNoted: "Noted, not sent.", "草稿已保存，尚未发送。";
        DraftCleared: "The draft is cleared.", "草稿已清除。";
        NoDraft: "No draft.", "没有草稿。";
        NoDrafts: "No drafts.", "没有草稿。";
        DraftFor { who, when, text }: "{who}  {when}\n    {text}", "给 {who}  {when}\n    {text}";
        UnreadFrom { conversation, count }: "{conversation}: {count} unread", "{conversation}：{count} 条未读";
        UnreadWithMentions { conversation, count, mentions }: "{conversation}: {count} unread, {mentions} of them mention you", "{conversation}：{count} 条未读，其中 {mentions} 条提到您";
        UnreadRequests { count }: "{count} friend requests wait for an answer (\"hutong requests\").", "有 {count} 个好友申请等待处理（hutong requests）。";

        HeadLogin: "LOGIN", "登录名";
        HeadName: "NAME", "昵称";
        HeadAccount: "ACCOUNT", "账号";
        HeadSince: "SINCE", "成为好友";
        HeadState: "STATE", "状态";
        HeadPath: "PATH", "路径";
        HeadRoundTrip: "ROUND TRIP", "往返时间";
        HeadRelation: "RELATION", "关系";
        HeadRequest: "REQUEST", "编号";
        HeadFrom: "FROM", "来自";
        HeadTo: "TO", "发给";
        HeadWhen: "WHEN", "时间";
        HeadGreeting: "GREETING", "附言";
        HeadFile: "FILE", "文件编号";
        HeadRate: "RATE", "速度";
        HeadFileName: "NAME", "文件名";
        HeadSize: "SIZE", "大小";
        HeadProgress: "DONE", "进度";
        HeadAddress: "ADDRESS", "地址";
        HeadFingerprint: "FINGERPRINT", "指纹";
        HeadTrusted: "TRUSTED", "已信任";
        HeadDevice: "DEVICE", "设备";
        HeadLabel: "COMPUTER", "电脑";
        HeadKind: "KIND", "类型";
        HeadAdded: "ADDED", "登录时间";
        HeadUntil: "UNTIL", "有效期至";
        HeadNote: "NOTE", "备注";
        KindOwn: "own computer", "自己的电脑";
        KindSeat: "shared seat", "公用电脑";
        ThisComputer: "this one", "本机";
        ComputerGone: "signed out or ended", "已退出或已过期";
        HeadServer: "SERVER", "服务器";
        HeadSex: "SEX", "性别";
        HeadSignature: "SIGNATURE", "个性签名";

        Yes: "yes", "是";
        No: "no", "否";
        Male: "male", "男";
        Female: "female", "女";
        Other: "other", "其他";
        Online: "online", "在线";
        Offline: "offline", "离线";
        PathDirect: "direct", "直连";
        PathRelay: "relay", "中继";
        PathMail: "mail", "信箱";
        PathNone: "none", "无";
        RelationNone: "none", "无";
        RelationRequested: "requested", "已申请";
        RelationFriend: "friend", "好友";
        RelationClassmate: "classmate", "同学";
        RelationSelf: "yourself", "自己";
        RequestPending: "pending", "待处理";
        RequestWasAccepted: "accepted", "已同意";
        RequestWasDeclined: "declined", "已拒绝";
        DeliveryQueued: "○ queued", "○ 等待发送";
        DeliveryInFlight: "○ on its way", "○ 发送中";
        DeliveryLeft: "✓ left at the rendezvous", "✓ 已存到服务器";
        DeliveryDelivered: "✓✓ delivered", "✓✓ 已送达";
        DeliveryShown: "● read", "● 已读";
        DeliveryFailed: "✗ failed", "✗ 发送失败";
        FileOffered: "offered", "待接收";
        FileWaiting: "waiting for the other side", "等待对方上线";
        FileRunning: "running", "传输中";
        FilePaused: "paused", "已暂停";
        FileVerified: "verified", "已完成";
        FileFailed: "failed", "失败";
        FileWasDeclined: "declined", "已拒绝";
        ServerOnline: "Connected to the rendezvous.", "已连接服务器。";
        ServerOffline: "Not connected to the rendezvous.", "未连接服务器。";
        ServerBackoff: "The rendezvous is not reachable; trying again.", "暂时连不上服务器，正在重试。";

        FileMessage { name, size }: "[file] {name} ({size})", "[文件] {name}（{size}）";
        NeedsNewer: "[needs a newer version]", "[需要更新的版本才能显示]";
        CameOnline { user, path }: "{user} is online ({path}).", "{user} 上线了（{path}）。";
        WentOffline { user }: "{user} is offline.", "{user} 下线了。";
        AsksToBeFriends { from, request, text }: "{from} asks to be friends (request {request}): {text}", "{from} 申请加您为好友（编号 {request}）：{text}";
        DeliveryTo { to, state, path }: "to {to}: {state} ({path})", "发给 {to}：{state}（{path}）";
        FileOffer { from, name, size, file }: "{from} offers {name} ({size}). Take it with: hutong accept-file {file}", "{from} 发来文件 {name}（{size}）。接收：hutong accept-file {file}";
        FolderNotWritable: "The folder cannot be written.", "无法写入文件夹。";
        CancelledHere: "It was cancelled here.", "已在本机取消。";
        FileIsProgram: "Careful: opening this file may run it as a program.", "请注意：打开这个文件可能会运行其中的程序。";
        StateBecause { state, why }: "{state}: {why}", "{state}：{why}";
        FileOfferedTo { to, name, size }: "{name} ({size}) was offered to {to}.", "已向 {to} 发出文件 {name}（{size}），等待对方接收。";
        FileIs { name, state }: "{name}: {state}", "{name}：{state}";

        WarnClockOff: "This computer's clock differs much from the rendezvous'.", "这台电脑的时间与服务器相差很大。";
        WarnIdentityCloned: "Another computer used this one's key: the disk was copied or restored. Where you were signed out, sign in again; with \"hutong devices\" remove what you do not know.", "另一台电脑使用了本机的密钥（磁盘被复制或还原）。如果本机已被退出，请重新登录；并用 hutong devices 检查，移除不认识的电脑。";
        WarnMailLocked { since }: "A computer was removed from your account. Type your password to read mail sent since {since}: hutong unlock", "您的账号移除了一台电脑。请输入密码以查看 {since} 之后的离线消息：hutong unlock";
        WarnKeyChanged: "A contact has a new key. Compare it before you trust it.", "有联系人更换了密钥，请核对后再信任。";
        WarnPlainKeys: "The keys lie unprotected in this home folder.", "主目录中的密钥没有受到保护。";
        WarnSignedOut: "This computer was signed out of the account.", "这台电脑已被退出登录。";
        WarnDeviceCopied: "A contact's computer was copied or set back to an older state.", "某位联系人的电脑被复制或恢复到了旧状态。";
        WarnStorage: "The disk of this client's home failed; make room or repair it, then start again.", "本机数据所在的磁盘出错；请清理空间或修复磁盘，然后重新启动。";
        WarnEventsMissed: "Some events were missed; \"hutong history\" has all messages.", "遗漏了部分提示，可用 hutong history 查看全部消息。";
        WarnServerKeyChanged: "The rendezvous has another key than before. Nothing is sent to it.", "服务器的密钥与以前不同，不会向它发送任何内容。";

        BadPreset { path, detail }: "The preset {path} cannot be read: {detail}", "无法读取预设文件 {path}：{detail}";
        NoHomeFolder: "This computer has no data folder. Give one with --home.", "找不到数据目录，请用 --home 指定。";
    }
}
