//! The help of the program `rendezvous`: one sentence for every command and option, named as in [`super::help`].

use super::{Lang, texts};

texts! {
    /// Sentences of `rendezvous --help`.
    pub enum RendezvousHelp {
        About: "The meeting point of a Hutong: accounts, contacts, presence, and sealed mail for those who are away", "胡同服务器：管理账号、联系人和在线状态，并为离线的人保存加密消息";
        Examples: "Examples:\n  rendezvous serve --data ./class                    run it; prints the invite link and the owner code\n  rendezvous invite --data ./class --uses 40 --days 2\n  rendezvous fingerprint --data ./class              what everybody compares\n  rendezvous check-config --config rendezvous.toml\n\nThe folder given with --data is the server: back it up, and keep it readable by you alone.", "示例：\n  rendezvous serve --data ./class                    运行服务器，会显示邀请链接和管理员注册码\n  rendezvous invite --data ./class --uses 40 --days 2\n  rendezvous fingerprint --data ./class              显示供大家核对的指纹\n  rendezvous check-config --config rendezvous.toml\n\n--data 指定的文件夹就是服务器本身：请备份，并且只让您自己能读取。";

        CmdServe: "Run the rendezvous until it is told to stop", "运行服务器，直到要求它停止";
        CmdFingerprint: "Print what people compare to be sure that they mean this rendezvous", "显示服务器指纹，供人核对";
        CmdInvite: "Print a link with which others can join and register", "生成邀请链接，供他人加入和注册";
        CmdAccount: "See and change accounts, whether the rendezvous runs or not", "查看和管理账号（服务器是否运行均可）";
        CmdAccountList: "List accounts", "列出账号";
        CmdAccountShow: "Show everything about one account, its devices included", "显示一个账号的详情及其设备";
        CmdAccountRename: "Change the name that others see; a login never changes", "修改昵称；登录名不可更改";
        CmdAccountLock: "Keep an account out until it is unlocked, and sign it out everywhere", "锁定账号：断开其所有设备，解锁前无法登录";
        CmdAccountUnlock: "Let a locked account in again", "解锁账号";
        CmdAccountRole: "Say what an account may do", "设置账号的角色";
        CmdAccountResetCode: "Make a one-time code with which somebody who forgot the password registers anew", "为忘记密码的人生成一次性重置码，用于重新注册";
        CmdAccountDelete: "Delete an account for good, with its friends and waiting mail", "永久删除账号及其好友关系和待取消息";
        CmdDevice: "See to devices of accounts", "管理账号的设备";
        CmdDeviceRemove: "Remove a device from an account. It is signed out and believed by nobody; only its person can change the keys of older mail", "从账号移除设备：该设备立即失效，但此前消息的密钥只能由本人更换";
        CmdAudit: "Print what was done to accounts and what befell the rendezvous, up to 180 days back", "显示最近 180 天的审计日志：账号变更和服务器事件";
        CmdAuditVerify: "Check that no row of it was changed or taken out, and name the first that was", "校验审计日志是否被改动，并指出第一条不符的记录";
        CmdAnnounce: "Announce something to everybody, or to a group or class, as the server", "以服务器名义向所有人、某个群或班级发布公告";
        CmdAnnouncements: "List what the server announced, or say who has read one of them", "列出服务器发布的公告，或显示某条公告的阅读情况";
        CmdStatus: "Say how the running rendezvous is: since when it runs, who is connected, what it relays", "显示正在运行的服务器的状态：启动时间、连接数和中转流量";
        CmdCheckConfig: "Print the settings and limits in force, or the first mistake in them", "检查配置：显示生效的设置和限制，或指出第一处错误";
        CmdCompletions: "Print a script with which a shell completes these commands", "输出供命令行补全使用的脚本";

        ArgConfig: "Settings in TOML; the program's defaults when not given", "TOML 格式的配置文件；省略时使用默认设置";
        ArgData: "Folder of keys and database", "存放密钥和数据库的文件夹";
        ArgLang: "Language of what people read; that of the system when not given", "显示的语言；省略时与系统一致";
        ArgVerbose: "Log more; twice for even more", "输出更多日志；写两次则更详细";
        ArgListen: "Where clients connect; port 0 takes a free one", "客户端连接的地址；端口 0 表示自动选择";
        ArgHttp: "Serve /healthz and /readyz", "提供 /healthz 和 /readyz 页面";
        ArgNoEverybody: "Let nobody come into a class by registering (see everybody in the settings)", "注册后不自动加入班级（见设置中的 everybody）";
        ArgNoMdns: "Do not announce the rendezvous on the local network", "不在局域网中通告本服务器";
        ArgAcceptClock: "Start although the clock is before the last change, or long after it", "即使系统时钟早于最后一次写入，或晚得太多，也照常启动";
        ArgUses: "How many accounts may be registered with it", "可以注册的账号数";
        ArgDays: "How many days it is good for", "有效的天数";
        ArgSince: "Only what happened since this date, or so long ago: 2026-11-25, 7d, 12h", "只显示此日期之后或最近一段时间的记录：2026-11-25、7d、12h";
        ArgJson: "Print data for programs, as JSON", "以 JSON 格式输出，供程序读取";
        ArgAnnouncement: "The words; all accounts get them, also those that are away", "公告内容；所有账号都会收到，包括不在线的";
        ArgGroup: "Only to this group or class, by its number", "只发给此编号的群或班级";
        ArgLarge: "Show it in large letters", "用大字显示";
        ArgConfirm: "Ask everybody to confirm having read it", "要求每个人确认已读";
        ArgAgain: "Announce this one once more, to those who have not confirmed or not seen it", "把这条公告再发给未确认或未读的人";
        ArgNumber: "Number of the announcement", "公告的编号";
        ArgPart: "Only accounts of which login or name contain this", "只列出登录名或昵称包含此内容的账号";
        ArgLogin: "Login of the account", "账号的登录名";
        ArgName: "The new name", "新昵称";
        ArgRole: "member, teacher or admin", "member（成员）、teacher（老师）或 admin（管理员）";
        ArgYes: "Do not ask whether it is meant", "不再询问确认";
        ArgDevice: "Id of the device, or how it begins: see account show", "设备编号或其开头几位，见 account show";
        ArgHosts: "Where others reach this rendezvous, best first; its own addresses when not given", "他人连接本服务器的地址，首选在前；省略时使用本机地址";
    }
}

impl RendezvousHelp<'_> {
    /// The sentence of this name, for a command line that is put together at run time.
    pub fn by_name(name: &str, lang: Lang) -> Option<&'static str> {
        super::by_name(Self::TABLE, name, lang)
    }
}
