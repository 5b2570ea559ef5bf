//! The help of the command line: one sentence for every command, argument and option.
//!
//! The names are those of the command line: a command is `CmdCanAdd` for `can-add`, with examples below its help in
//! `MoreCanAdd`; an argument is `ArgLogin` for `LOGIN`; below `account list` the command is `CmdAccountList`.

use super::{Lang, texts};

texts! {
    /// Sentences of `--help`.
    pub enum Help {
        About: "Hutong: chat and files on the local network, computer to computer", "胡同：局域网聊天与文件传输，电脑直连";
        GroupAccount: "Your account", "账号";
        GroupFriend: "People", "联系人";
        GroupMessage: "Conversations", "聊天";
        GroupGroups: "Groups", "群";
        GroupFile: "Files", "文件";
        GroupRun: "Staying connected, and programs", "保持在线与程序接口";
        ArgHelp: "Show this help", "显示帮助";
        ArgVersion: "Show the version", "显示版本";
        Examples: "First steps:\n  hutong servers                                     find the rendezvous on this network\n  hutong register alice --name Alice --accept-new-server\n                                                     make an account; compare the fingerprint first\n  hutong add bob --greeting 'Third row'              ask a friend; Bob runs: hutong accept alice\n  hutong watch                                       stay online and see what comes; leave it open\n  hutong send bob 'See you at noon'                  in a second window\n  hutong send-file bob notes.pdf                     Bob runs: hutong accept-file ID\n  hutong history bob                                 what was said\n\nWith an invite link from the teacher: hutong register alice --server 'hutong://join?…'\n\"hutong COMMAND --help\" explains each command. A failed command says why and ends with\n1 refused or failed, 2 bad usage, 3 not signed in, 4 rendezvous unreachable; 0 is success.\n\nEverything of one client lies in its home folder. For a second person on this computer give\nanother one with --home. A file hutong.toml in it, or beside the program, may name the\nrendezvous, so that nobody has to: server = \"hutong://join?…\"\nOn computers that many people share, the line seat = true makes every sign-in one at a shared seat.", "第一次使用：\n  hutong servers                                     查找本地网络中的服务器\n  hutong register alice --name 爱丽丝 --accept-new-server\n                                                     注册账号（请先核对服务器指纹）\n  hutong add bob --greeting '我坐第三排'              申请加好友；对方运行 hutong accept alice\n  hutong watch                                       保持在线并显示新消息，请让它一直开着\n  hutong send bob '中午见'                            在另一个窗口发送消息\n  hutong send-file bob notes.pdf                     发送文件；对方运行 hutong accept-file 编号\n  hutong history bob                                 查看聊天记录\n\n如果老师给了邀请链接：hutong register alice --server 'hutong://join?…'\n各命令的说明见 hutong 命令 --help。命令失败时会说明原因，退出码为\n1 被拒绝或失败，2 用法错误，3 未登录，4 连不上服务器；0 表示成功。\n\n一个客户端的全部数据都在它的主目录里。同一台电脑上的第二个人请用 --home 指定另一个目录。\n主目录或程序所在目录中的 hutong.toml 可以指定服务器，省得每个人输入：server = \"hutong://join?…\"\n多人共用的电脑可加一行 seat = true，让每次登录都按公用电脑处理。";

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
        CmdRequests: "List friend requests, invitations into groups and applications to yours", "列出好友申请、群邀请和入群申请";
        CmdAccept: "Accept a request", "同意申请";
        CmdDecline: "Decline a request", "拒绝申请";
        CmdRemove: "Remove a friend", "删除好友";
        CmdBlock: "Block somebody", "拉黑";
        CmdUnblock: "Unblock somebody", "取消拉黑";
        CmdBlocked: "List whom you blocked", "列出已拉黑的人";
        CmdRemark: "Give somebody a name of your own, which only you see", "给好友设置备注名，仅自己可见";
        CmdFriends: "List friends", "列出好友";
        CmdWho: "Show contacts with presence, path and round-trip time", "显示联系人的在线状态、路径和往返时间";
        CmdAway: "Say whether you are away (on, off), or show it", "设置或查看离开状态（on、off）";
        CmdChats: "List conversations, newest first", "列出会话，最新的在前";
        CmdUnread: "Show unread messages and open requests", "显示未读消息和待处理的申请";
        CmdDraft: "Note words for later; without words show them, with empty words clear them", "保存草稿；省略内容时显示，内容为空时清除";
        CmdDrafts: "List drafts", "列出草稿";
        CmdSend: "Send a text", "发送文字消息";
        CmdSendFile: "Offer files", "发送文件";
        CmdRead: "Mark a conversation as read", "将会话标记为已读";
        CmdHistory: "Show messages of a conversation, oldest first", "显示聊天记录，从旧到新";
        CmdFiles: "List files offered to you or by you", "列出收发的文件";
        GroupAnnouncement: "Announcements", "公告";
        CmdAnnounce: "Announce something to everybody, for teachers and admins", "向所有人发布公告（老师和管理员）";
        MoreAnnounce: "Examples:\n  hutong announce 'The lesson begins at 10'            to the class of everybody\n  hutong announce 'Bring your books' --to g:100002 --confirm\n  hutong announce 'Fire drill: leave the room' --lan --large\n                                                       to whoever is on this LAN, also without the rendezvous\nThe id that it prints is what \"hutong proof\" and \"hutong announce --again\" take.", "示例：\n  hutong announce '10 点上课'                          发给全体成员\n  hutong announce '请带课本' --to g:100002 --confirm\n  hutong announce '消防演习，请离开教室' --lan --large\n                                                       发给本局域网内的所有人，没有服务器也行\n输出的编号可用于 hutong proof 和 hutong announce --again。";
        CmdProof: "Show who has an announcement of yours, has seen or confirmed it, and who has not", "查看公告的送达、已读和确认情况";
        CmdConfirm: "Confirm that you have read an announcement", "确认已读公告";
        CmdAnnouncements: "List announcements, oldest first", "列出公告，从旧到新";
        ArgAnnouncement: "The words", "公告内容";
        ArgAudience: "Group or class, g:NUMBER (default: the class of everybody)", "群或班级，g:群号（默认：全体成员）";
        ArgLan: "To everybody on this LAN who knows you, without the rendezvous", "发给本局域网内认识您的所有人，不经过服务器";
        ArgLarge: "In large letters", "大字显示";
        ArgConfirm: "Ask everybody to confirm it", "要求所有人确认";
        ArgMessage: "Id of the announcement", "公告编号";
        ArgAgain: "Announce this one once more, to those who have not done what it asks", "向尚未确认（或未读）的人再次发布该公告";
        CmdAcceptFile: "Fetch an offered file and wait until it is here", "接收文件并等待完成";
        CmdDeclineFile: "Decline an offered file", "拒绝接收文件";
        CmdCancelFile: "Cancel a transfer", "取消传输";
        CmdDevices: "List the computers of your account, or remove one", "列出账号登录的电脑，或移除其中一台";
        CmdSafety: "Show digits to compare with a contact, to be sure that nobody stands between you", "显示安全码，与联系人核对，确认没有人冒充";
        CmdUnlock: "Type the password to read mail sent since a computer was removed", "输入密码，查看移除电脑之后收到的离线消息";
        CmdPauseFile: "Pause a transfer, as its sender or its receiver", "暂停传输（发送方和接收方都可以）";
        CmdResumeFile: "Let a transfer go on that you paused", "继续您暂停的传输";
        CmdGroup: "Groups and classes: make them, join them, manage them", "群和班级：创建、加入和管理";
        CmdGroupList: "List your groups", "列出您的群";
        CmdGroupShow: "Show a group with its members", "显示群和群成员";
        CmdGroupCreate: "Make a group; those whom you name are invited", "创建群，并邀请所列的人";
        CmdGroupFind: "Find a group by its number", "按群号查找";
        CmdGroupApply: "Ask to come into a group", "申请加入群";
        CmdGroupInvite: "Invite a contact into a group", "邀请联系人加入群";
        CmdGroupAdd: "Make contacts members without asking them (teachers)", "直接添加成员（限老师）";
        CmdGroupRename: "Give a group another name", "修改群名称";
        CmdGroupNotice: "Say what everybody in it shall read; empty takes it away", "设置群公告；为空时清除";
        CmdGroupFloor: "Say who may speak: free, questions (members only to the admins), admins, silent", "设置发言规则：free 自由发言，questions 成员只对管理员发言，admins 仅管理员，silent 全员禁言";
        CmdGroupPolicy: "Change the rules of a class: lesson or exam, private chats, groups, files, quiet hours (admins)", "修改班级规则：上课或考试、私聊、建群、发文件、免打扰时段（限管理员）";
        CmdGroupRole: "Make a member an admin, or an admin a member", "设置或取消管理员";
        CmdGroupHandOver: "Make a member the owner in your place", "转让群主";
        CmdGroupMute: "Let a member not speak for so many minutes; 0 lets them speak again", "禁言成员若干分钟；0 表示解除";
        CmdGroupKick: "Remove a member", "移出成员";
        CmdGroupJoin: "Come into a group with its code", "用加入码加入群或班级";
        CmdGroupCode: "Show the code with which people come in, make a new one or end it (admins)", "显示、更换或停用加入码（限管理员）";
        CmdGroupAttendance: "Show who is there, since when and where, and who is missing (admins)", "查看出勤：谁在、何时到、坐在哪里、谁缺席（限管理员）";
        CmdGroupHand: "Raise your hand or take it down; admins also take down those of others", "举手或放下；管理员可以放下他人的手";
        CmdGroupHands: "Show raised hands in their order; a member sees only their own", "按顺序显示举手的人；普通成员只看到自己";
        CmdGroupLeave: "Go out of a group", "退出群";
        CmdGroupDissolve: "End a group", "解散群";
        CmdDoctor: "Check the network: why somebody or something is not reached, and what to do", "检查网络：为什么连不上，该怎么办";
        CmdWatch: "Print what happens until interrupted", "持续显示动态，直到中断";
        CmdCompletions: "Print a script with which a shell completes these commands", "输出供命令行补全使用的脚本";
        CmdAgent: "Speak JSON lines with a program, on standard input and output", "通过标准输入输出以 JSON 行与程序交互";

        MoreServers: "Compare the fingerprint with the teacher's screen before you trust a rendezvous.\nNothing found? Ask for the invite link, or give its address: --server HOST:PORT.", "确认服务器之前，请将指纹与老师屏幕上的核对。\n没有找到？请索要邀请链接，或者用 --server 主机:端口 指定地址。";
        MoreRegister: "Examples:\n  hutong register alice --name Alice --server 'hutong://join?…'\n  hutong register alice --server 192.168.1.5:7440 --accept-new-server\n\nThe password is asked for, and never leaves this computer. An invite link that you type is taken\nas trusted; any other new rendezvous only with --accept-new-server, after comparing fingerprints.\nThe first account with the owner code (--code) is the administrator.", "示例：\n  hutong register alice --name 爱丽丝 --server 'hutong://join?…'\n  hutong register alice --server 192.168.1.5:7440 --accept-new-server\n\n程序会询问密码，密码不会离开本机。通过邀请链接注册视为信任该服务器；\n其他新服务器要先核对指纹，再加上 --accept-new-server。\n用管理员注册码（--code）注册的第一个账号是管理员。";
        MoreAdd: "Example:\n  hutong add bob --greeting 'Same bench as you'\n\nBob sees it with \"hutong requests\" and answers with \"hutong accept\" or \"hutong decline\".", "示例：\n  hutong add bob --greeting '我是你同桌'\n\n对方用 hutong requests 查看，用 hutong accept 或 hutong decline 答复。";
        MoreSend: "Examples:\n  hutong send bob 'See you at noon'\n  hutong send bob 'Are you there?' --wait delivered\n\nThe message is kept safely before the command ends; it is sent on as soon as there is a way.\n○ queued, ✓ left at the rendezvous, ✓✓ on the other's disk, ● read.", "示例：\n  hutong send bob '中午见'\n  hutong send bob '在吗？' --wait delivered\n\n命令结束之前消息已妥善保存，一有通路就会送出。\n○ 待发送，✓ 已存到服务器，✓✓ 已送达对方磁盘，● 已读。";
        MoreSendFile: "Examples:\n  hutong send-file bob notes.pdf slides.pdf\n  hutong send-file bob film.mp4 --wait fetched\n\nFiles go from computer to computer, so this one must stay online until they are fetched:\nkeep \"hutong watch\" open, or wait with --wait fetched.", "示例：\n  hutong send-file bob notes.pdf slides.pdf\n  hutong send-file bob film.mp4 --wait fetched\n\n文件由电脑直接传到电脑，取走之前本机必须在线：\n请让 hutong watch 一直开着，或者加上 --wait fetched 等待。";
        MoreAcceptFile: "Example:\n  hutong accept-file 3f9c… --to ~/Documents\n\n\"hutong files\" shows the numbers; the first letters are not enough. Every byte is verified,\nand nothing that lies there is overwritten.", "示例：\n  hutong accept-file 3f9c… --to ~/Documents\n\n编号见 hutong files，需要完整输入。每个字节都会校验，不会覆盖已有的文件。";
        MorePauseFile: "It stays paused, also over a restart of either side, until whoever paused it lets it go on with\n\"hutong resume-file\". What is there already is not sent again.", "暂停在双方重启之后依然有效，直到暂停的一方用 hutong resume-file 继续。\n已经传完的部分不会重传。";
        MoreHistory: "Examples:\n  hutong history bob --limit 20\n  hutong history bob --before ID\n\nOlder messages: give the number of the oldest one shown to --before.", "示例：\n  hutong history bob --limit 20\n  hutong history bob --before 编号\n\n更早的消息：把所显示的最早一条的编号交给 --before。";
        MoreGroup: "Examples:\n  hutong group create 'Algorithms' bob carol     Bob and Carol answer with: hutong accept NUMBER\n  hutong group apply 100001 --greeting 'Third row'\n  hutong group mute 100001 bob 10\n  hutong group code 100001 --new                 Others come in with: hutong group join CODE\n  hutong group attendance 100001 --csv class.csv\n\nInvitations and applications stand in \"hutong requests\".", "示例：\n  hutong group create '算法课' bob carol          对方用 hutong accept 编号 答复\n  hutong group apply 100001 --greeting '我坐第三排'\n  hutong group mute 100001 bob 10\n  hutong group code 100001 --new                 其他人用 hutong group join 加入码 加入\n  hutong group attendance 100001 --csv 出勤.csv\n\n邀请和申请都在 hutong requests 中。";
        MoreWatch: "Receives, fetches and answers until Ctrl-C. Other commands work beside it, in another window.", "持续接收并答复，直到按下 Ctrl-C。其他命令可以在另一个窗口同时使用。";
        MoreAgent: "One JSON object per line, both ways: requests in, replies and events out. Example:\n  echo '{{\"id\":1,\"do\":\"send\",\"to\":\"alice\",\"text\":\"hello\"}}' | hutong agent\n\nEvery command is there under its own name, with _ for -.", "每行一个 JSON 对象：输入请求，输出答复和事件。示例：\n  echo '{{\"id\":1,\"do\":\"send\",\"to\":\"alice\",\"text\":\"你好\"}}' | hutong agent\n\n每个命令都可用，名称相同，其中 - 写作 _。";
        MoreCompletions: "Examples:\n  hutong completions bash > ~/.local/share/bash-completion/completions/hutong\n  hutong completions zsh > ~/.zfunc/_hutong\n  hutong completions fish > ~/.config/fish/completions/hutong.fish", "示例：\n  hutong completions bash > ~/.local/share/bash-completion/completions/hutong\n  hutong completions zsh > ~/.zfunc/_hutong\n  hutong completions fish > ~/.config/fish/completions/hutong.fish";
        MoreLogout: "Everything of you leaves this home: messages, files in it, keys. Do this on a shared computer.", "您的一切都会从这个主目录中清除：消息、其中的文件和密钥。使用公用电脑时请务必这样做。";

        ArgHome: "Folder that holds everything of one client", "存放一个客户端全部数据的目录";
        ArgJson: "Print replies and errors as JSON", "以 JSON 输出结果和错误";
        ArgLang: "Language: zh or en (default: by the locale)", "语言：zh 或 en（默认按系统设置）";
        ArgVerbose: "Log more on standard error (-v, -vv, -vvv)", "在标准错误输出更多日志（-v、-vv、-vvv）";
        ArgLogin: "Login name", "登录名";
        ArgName: "Display name", "昵称";
        ArgSex: "How to address you: m, f or x", "性别：m、f 或 x";
        ArgCode: "Owner code or one-time code", "管理员注册码或一次性验证码";
        ArgSeat: "This is a shared seat: the session ends after 12 hours at most, with \"hutong logout\", or when watch or agent ends, and nothing of it stays, not even files saved in the home", "这是公用电脑：最长 12 小时，或执行 hutong logout、退出 watch 或 agent 时结束登录，并清除本机的全部数据，包括存放在主目录中的文件";
        ArgServer: "Invite link or HOST:PORT of the rendezvous", "服务器的邀请链接或 主机:端口";
        ArgAcceptNewServer: "Trust a rendezvous that is not known yet; compare its fingerprint first", "信任尚未确认的服务器；请先核对指纹";
        ArgPasswordStdin: "Read the password from standard input", "从标准输入读取密码";
        ArgPasswordsStdin: "Read the old and the new password from standard input, one on each line", "从标准输入读取旧密码和新密码，每行一个";
        ArgAvatar: "A picture of yourself (PNG, JPEG, GIF or WebP): its middle is shown to friends, without place or camera; none removes it", "头像图片（PNG、JPEG、GIF 或 WebP）：截取中间部分给好友看，不含拍摄地点和相机信息；none 表示删除";
        ArgSignature: "A line about yourself", "个性签名";
        ArgAccount: "Account number", "账号编号";
        ArgGroup: "Number of the group", "群号";
        ArgGroupName: "Name of the group", "群名称";
        ArgMembers: "Login names of contacts", "联系人的登录名";
        ArgClass: "A class, whose members are each other's contacts (teachers)", "创建班级，成员互为联系人（限老师）";
        ArgJoinCode: "The code, eight letters and digits; the gap does not matter", "加入码，八位字母和数字，中间的分隔可以省略";
        ArgNew: "Make a new code; the old one ends", "生成新的加入码，旧的随即失效";
        ArgOff: "End the code", "停用加入码";
        ArgCsv: "Save it as a table for spreadsheets (CSV) there; - is standard output", "另存为电子表格（CSV）；- 表示标准输出";
        ArgMode: "What the class is doing: free, lesson (members write in private to admins only), exam (only admins write)", "班级状态：free 自由，lesson 上课（成员只能与管理员私聊），exam 考试（只有管理员可以发言）";
        ArgPrivateChat: "With whom members may talk in private: on (everybody), admins, off", "成员可以与谁私聊：on 所有人，admins 仅管理员，off 不允许";
        ArgCreateGroups: "Whether members may make groups: on or off", "成员能否建群：on 或 off";
        ArgSendFiles: "Whether members may send files: on or off", "成员能否发文件：on 或 off";
        ArgLargestFile: "The largest file that members may send, in MiB", "成员可发送的最大文件，单位 MiB";
        ArgRecall: "For how many seconds a message can be taken back", "消息可以撤回的秒数";
        ArgQuiet: "When nobody is disturbed, as 22:00-06:30; off for never", "免打扰时段，如 22:00-06:30；off 表示没有";
        ArgWay: "up or down", "up 举手，down 放下";
        ArgWhose: "Whose hand; your own when left out", "放下谁的手；省略则为自己";
        ArgAll: "All hands", "所有人的手";
        ArgNotice: "The notice", "群公告内容";
        ArgFloor: "free, questions, admins or silent", "free、questions、admins 或 silent";
        ArgRole: "admin or member", "admin 或 member";
        ArgMinutes: "For how many minutes", "分钟数";
        ArgGreeting: "Words to go with the request", "申请附言";
        ArgRequest: "Number of the request, or the login of who made it", "申请编号，或申请人的登录名";
        ArgWhom: "Check the way to this contact too", "同时检查到该联系人的线路";
        ArgWho: "Login of the other", "对方的登录名";
        ArgText: "The words", "消息内容";
        ArgWait: "Wait until it is left at the rendezvous (left) or on the other's disk (delivered)", "等待消息存到服务器（left）或送达对方（delivered）";
        ArgWaitFile: "Wait until the offer is left at the rendezvous (left), delivered, or the file fetched", "等待通知存到服务器（left）、送达（delivered）或文件被取走（fetched）";
        ArgNoWait: "End once it is accepted; it is fetched while hutong runs here", "接收后立即返回；只要本机运行着 hutong 就会继续传输";
        ArgPaths: "Files to offer", "要发送的文件";
        ArgAway: "on: away, off: back; left out to ask", "on 表示离开，off 表示回来；省略则查看";
        ArgRemark: "The name; empty takes it back", "备注名；为空时取消";
        ArgDraft: "The words; empty clears them", "草稿内容；为空时清除";
        ArgUpto: "Up to this message; all when left out", "到这条消息为止；省略表示全部";
        ArgBefore: "Only before this message or time: 2026-11-25, '2026-11-25 14:30', today, yesterday, or Unix milliseconds", "只显示这条消息或时间之前的：2026-11-25、'2026-11-25 14:30'、今天、昨天，或 Unix 毫秒";
        ArgAfter: "Only after this message, or from this time on; written alike", "只显示这条消息之后，或从该时间起的；写法相同";
        ArgFrom: "Only from this login", "只显示该登录名发送的";
        ArgLimit: "At most so many, 1 to 1000", "最多显示的条数，1 到 1000";
        ArgIncoming: "Only files offered to you", "只显示收到的文件";
        ArgOutgoing: "Only files offered by you", "只显示发出的文件";
        ArgFile: "The file's number, as \"hutong files\" shows it", "文件编号，见 hutong files";
        ArgTo: "Folder to save it in, made when missing", "保存到的目录，不存在时自动创建";
        ArgVerify: "The digits are the same on both sides: this key is theirs", "双方的安全码一致：确认这是对方的密钥";
        ArgAccept: "Agree to a changed key without comparing it; messages that wait are sent", "不核对也接受更换后的密钥，等待中的消息会发出";
        ArgRemove: "Remove this one: its number, as \"hutong devices\" shows it; asks for your password", "移除这台电脑：编号见 hutong devices；需要输入密码";
        ArgNoMdns: "Neither announce nor look for anybody by mDNS", "不使用 mDNS 通告和发现";
        ArgUdp: "UDP port for direct links, or off", "直连使用的 UDP 端口，或 off 关闭";
        ArgStaticPeer: "Address of a peer to try (may be repeated)", "尝试直连的对方地址（可重复）";
        ArgClockOffset: "Shift the clock by so many seconds, for tests", "将时钟偏移若干秒，用于测试";
        ArgMaxRate: "Limit file transfers to so many bytes per second", "限制文件传输速度（字节每秒）";
        ArgBind: "Address to bind UDP to", "UDP 绑定的地址";
        ArgShell: "The shell: bash, elvish, fish, powershell or zsh", "命令行环境：bash、elvish、fish、powershell 或 zsh";
        ArgPlainKeys: "Warn at every start that the keys lie unencrypted in the home", "每次启动时提醒：密钥以明文存放在主目录中";
    }
}

impl Help<'_> {
    /// The sentence of this name, for a command line that is put together at run time.
    pub fn by_name(name: &str, lang: Lang) -> Option<&'static str> {
        super::by_name(Self::TABLE, name, lang)
    }
}
