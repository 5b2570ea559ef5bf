//! The help of the command line: one sentence for every command, argument and option.
//!
//! The names are those of the command line: a command is `CmdCanAdd` for `can-add`, an argument `ArgLogin` for `LOGIN`.

use super::{Lang, texts};

texts! {
    /// Sentences of `--help`.
    pub enum Help {
        About: "Hutong: chat and files on the local network, computer to computer", "胡同：局域网聊天与文件传输，电脑直连";
        Usage: "Usage", "用法";
        Commands: "Commands", "命令";
        Options: "Options", "选项";
        Arguments: "Arguments", "参数";
        ArgHelp: "Show this help", "显示帮助";
        ArgVersion: "Show the version", "显示版本";
        Examples: "Examples:\n  hutong register alice --name Alice --server 'hutong://join?…'\n  hutong add bob --greeting 'Hello from the third row'\n  hutong send bob 'See you at noon'\n  hutong send-file bob notes.pdf\n  hutong watch\n\nPreset: a file hutong.toml beside the program or in the home folder may name the rendezvous:\n  server = \"hutong://join?…\"\n\nExit codes: 0 done, 1 refused or failed, 2 bad usage, 3 not signed in, 4 rendezvous unreachable.", "示例：\n  hutong register alice --name 爱丽丝 --server 'hutong://join?…'\n  hutong add bob --greeting '我是坐在第三排的同学'\n  hutong send bob '中午见'\n  hutong send-file bob notes.pdf\n  hutong watch\n\n预设：可在程序所在目录或主目录中放置 hutong.toml，指定服务器：\n  server = \"hutong://join?…\"\n\n退出码：0 完成，1 被拒绝或失败，2 用法错误，3 未登录，4 连不上服务器。";

        CmdServers: "List the rendezvous nodes seen on this network", "列出本地网络中的服务器";
        CmdRegister: "Make an account and sign in", "注册账号并登录";
        CmdLogin: "Sign in", "登录";
        CmdLogout: "Sign out and empty this home", "退出登录并清除本机数据";
        CmdWhoami: "Show who is signed in here", "显示当前登录的账号";
        CmdProfile: "Change what others see of you", "修改个人资料";
        CmdPasswd: "Change the password", "修改密码";
        CmdFind: "Find an account by its exact login", "按登录名查找账号";
        CmdWhois: "Show an account by its number", "按账号编号查找";
        CmdCanAdd: "Ask whether a friend request would be taken", "查询能否向对方发送好友申请";
        CmdAdd: "Send a friend request", "发送好友申请";
        CmdRequests: "List friend requests", "列出好友申请";
        CmdAccept: "Accept a friend request", "同意好友申请";
        CmdDecline: "Decline a friend request", "拒绝好友申请";
        CmdRemove: "Remove a friend", "删除好友";
        CmdBlock: "Block somebody", "拉黑";
        CmdUnblock: "Unblock somebody", "取消拉黑";
        CmdFriends: "List friends", "列出好友";
        CmdWho: "Show contacts with presence, path and round-trip time", "显示联系人的在线状态、路径和往返时间";
        CmdUnread: "Show unread messages and open requests", "显示未读消息和待处理的申请";
        CmdSend: "Send a text", "发送文字消息";
        CmdSendFile: "Offer files", "发送文件";
        CmdRead: "Mark a conversation as read", "将会话标记为已读";
        CmdHistory: "Show messages of a conversation, oldest first", "显示聊天记录，从旧到新";
        CmdFiles: "List files offered to you or by you", "列出收发的文件";
        CmdAcceptFile: "Fetch an offered file and wait until it is here", "接收文件并等待完成";
        CmdDeclineFile: "Decline an offered file", "拒绝接收文件";
        CmdCancelFile: "Cancel a transfer", "取消传输";
        CmdWatch: "Print what happens until interrupted", "持续显示动态，直到中断";
        CmdAgent: "Speak JSON lines with a program, on standard input and output", "通过标准输入输出以 JSON 行与程序交互";

        ArgHome: "Folder that holds everything of one client", "存放一个客户端全部数据的目录";
        ArgJson: "Print replies and errors as JSON", "以 JSON 输出结果和错误";
        ArgLang: "Language: zh or en (default: by the locale)", "语言：zh 或 en（默认按系统设置）";
        ArgVerbose: "Log more on standard error (-v, -vv, -vvv)", "在标准错误输出更多日志（-v、-vv、-vvv）";
        ArgLogin: "Login name", "登录名";
        ArgName: "Display name", "昵称";
        ArgSex: "How to address you: m, f or x", "性别：m、f 或 x";
        ArgCode: "Owner code or one-time code", "管理员注册码或一次性验证码";
        ArgServer: "Invite link or HOST:PORT of the rendezvous", "服务器的邀请链接或 主机:端口";
        ArgAcceptNewServer: "Trust a rendezvous that is not known yet; compare its fingerprint first", "信任尚未确认的服务器；请先核对指纹";
        ArgPasswordStdin: "Read the password from standard input", "从标准输入读取密码";
        ArgPasswordsStdin: "Read the old and the new password from standard input, one on each line", "从标准输入读取旧密码和新密码，每行一个";
        ArgSignature: "A line about yourself", "个性签名";
        ArgAccount: "Account number", "账号编号";
        ArgGreeting: "Words to go with the request", "申请附言";
        ArgRequest: "Number of the request, or the login of who made it", "申请编号，或申请人的登录名";
        ArgWho: "Login of the other", "对方的登录名";
        ArgText: "The words", "消息内容";
        ArgWait: "Wait until it is left at the rendezvous (left) or on the other's disk (delivered)", "等待消息存到服务器（left）或送达对方（delivered）";
        ArgWaitFile: "Wait until the offer is left at the rendezvous (left), delivered, or the file fetched", "等待通知存到服务器（left）、送达（delivered）或文件被取走（fetched）";
        ArgPaths: "Files to offer", "要发送的文件";
        ArgUpto: "Up to this message; all when left out", "到这条消息为止；省略表示全部";
        ArgBefore: "Only before this message or time (Unix milliseconds)", "只显示这条消息或时间（Unix 毫秒）之前的";
        ArgAfter: "Only after this message or time (Unix milliseconds)", "只显示这条消息或时间（Unix 毫秒）之后的";
        ArgFrom: "Only from this login", "只显示该登录名发送的";
        ArgLimit: "At most so many, 1 to 1000", "最多显示的条数，1 到 1000";
        ArgIncoming: "Only files offered to you", "只显示收到的文件";
        ArgOutgoing: "Only files offered by you", "只显示发出的文件";
        ArgFile: "The file's number, as \"hutong files\" shows it", "文件编号，见 hutong files";
        ArgTo: "Folder to save it in, made when missing", "保存到的目录，不存在时自动创建";
        ArgNoMdns: "Neither announce nor look for anybody by mDNS", "不使用 mDNS 通告和发现";
        ArgUdp: "UDP port for direct links, or off", "直连使用的 UDP 端口，或 off 关闭";
        ArgStaticPeer: "Address of a peer to try (may be repeated)", "尝试直连的对方地址（可重复）";
        ArgClockOffset: "Shift the clock by so many seconds, for tests", "将时钟偏移若干秒，用于测试";
        ArgMaxRate: "Limit file transfers to so many bytes per second", "限制文件传输速度（字节每秒）";
        ArgBind: "Address to bind UDP to", "UDP 绑定的地址";
        ArgPlainKeys: "Warn at every start that the keys lie unencrypted in the home", "每次启动时提醒：密钥以明文存放在主目录中";
    }
}

impl Help<'_> {
    /// The sentence of this name, for a command line that is put together at run time.
    pub fn by_name(name: &str, lang: Lang) -> Option<&'static str> {
        super::by_name(Self::TABLE, name, lang)
    }
}
