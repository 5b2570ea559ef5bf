//! Groups and classes: their card, making and finding them, who may speak, and who has read what.

use crate::text::texts;

texts! {
    /// Words about groups.
    pub enum GroupsText {
        NoGroups: "No groups yet", "还没有群";
        NoGroupsHint: "Make one, or join one by its number: the button with the plus sign above.", "点击上方的加号，可以新建群，也可以按群号加入。";
        MembersCount { count }: "{count} members", "{count} 人";
        MembersOnline { count, online }: "{count} members, {online} online", "共 {count} 人，{online} 人在线";

        TabFriend: "Add a friend", "加好友";
        TabJoin: "Join a group", "加群";
        TabNew: "New group", "新建群";
        NewName: "Name of the group", "群名称";
        NewMembers: "Who shall come in?", "邀请谁加入？";
        NoFriends: "You have no friends to invite yet. Tell others the number of the group, and they can ask to come in.", "还没有好友可以邀请。把群号告诉别人，对方就可以申请加入。";
        IsClass: "It is a class: everybody in it can write to everybody (for teachers)", "这是班级：成员之间都可以互发消息（仅限老师）";
        Make: "Make the group", "创建";
        NeedsName: "Please give the group a name.", "请输入群名称。";
        OnlyTeachers: "Only teachers can make a class. Leave the tick away to make a group.", "只有老师可以创建班级。取消勾选即可创建普通群。";
        Number: "Number of the group, or its code", "群号或加入码";
        NeedsNumber: "A number is made of digits, a code of eight letters and digits. Ask a member for one.", "群号由数字组成，加入码是八位字母和数字，可以向群成员询问。";
        NoSuchGroup: "There is no group with this number or code.", "没有这个群号或加入码。";
        YouAreIn: "You are in it.", "您已在群中。";
        YouAreInvited: "You are invited. Accept it under \"Requests\".", "您已收到邀请，请在“申请”中同意。";
        YouApplied: "You have asked to come in. One of its admins has to answer.", "已申请加入，等待管理员同意。";
        Apply: "Ask to come in", "申请加入";
        Open: "Open", "打开";
        ToRequests: "Show the request", "查看邀请";

        Card { number }: "Number {number}", "群号 {number}";
        Copy: "Copy", "复制";
        CopyHint: "Tell it to others: with it they can ask to come in.", "把群号告诉别人，对方就可以申请加入。";
        JoinedDone { name }: "You are in {name} now.", "已加入 {name}。";

        Rules: "Rules of the class", "班级规则";
        Mode: "What the class is doing", "班级状态";
        ModeFree: "Free", "自由";
        ModeLesson: "Lesson", "上课";
        ModeExam: "Exam", "考试";
        InLesson: "Lesson", "上课中";
        InExam: "Exam", "考试中";
        InQuiet: "Quiet hours", "免打扰中";
        QuietNow: "It is quiet now: the desktop tells nothing of this class, and of private messages between its members. They are counted as always.", "现在是免打扰时段：班级消息和成员之间的私聊不弹出桌面通知，但照常计入未读。";
        PrivateChats: "With whom members may talk in private", "成员可以与谁私聊";
        ChatsOff: "Nobody", "不允许";
        MakeGroups: "Who may make groups", "谁可以建群";
        SendFiles: "Who may send files", "谁可以发文件";
        MembersMay: "Everybody", "所有人";
        AdminsMay: "Admins only", "仅管理员";
        Largest: "The largest file of a member", "成员可发送的最大文件";
        Up10: "10 MiB", "10 MiB";
        Up100: "100 MiB", "100 MiB";
        Up1000: "1 GiB", "1 GiB";
        UpAny: "Any", "不限";
        Quiet: "Quiet hours", "免打扰时段";
        QuietHint: "As 22:00-06:30; empty for none", "如 22:00-06:30，留空表示没有";
        PrivateSilent { name }: "The rules of {name} do not let the two of you talk in private now.", "按 {name} 的规则，你们现在不能私聊。";
        ExamSilent: "An exam is on: only admins may write here.", "考试中：只有管理员可以发言。";

        RaiseHand: "Raise my hand", "举手";
        LowerHand: "Take my hand down", "放下";
        HandsUp { count }: "Hands: {count}", "举手 {count}";
        Hands: "Raised hands", "举手";
        NoHands: "No hand is raised.", "没有人举手。";
        Lower: "Done", "放下";
        LowerAll: "All hands down", "全部放下";
        Attendance: "Attendance", "出勤";
        Present { present, missing, at }: "{present} there, {missing} missing, at {at}", "到 {present} 人，缺 {missing} 人（{at}）";
        Since { since, seat }: "since {since} · {seat}", "{since} 到 · {seat}";
        Asking: "One moment…", "请稍候…";
        AskAgain: "Look again", "刷新";
        SaveTable: "Save as a table", "保存为表格";
        TableSaved { path }: "Saved: {path}", "已保存：{path}";
        TableNotSaved { fault }: "The table could not be saved: {fault}", "无法保存表格：{fault}";
        Code: "Code to come in", "加入码";
        CodeHow: "In Hutong: the plus sign above the list, \"Join a group\", and this code.", "在胡同中：点击列表上方的加号，选择“加群”，输入：";
        NoCode: "no code", "没有加入码";
        CodeMake: "Make a code", "生成加入码";
        CodeNew: "Another code", "换一个";
        CodeOff: "End the code", "停用";
        CodeCopied: "The code is in the clipboard.", "加入码已复制。";
        NumberCopied: "The number of the group is in the clipboard.", "群号已复制。";
        Notice: "Notice", "群公告";
        NoNotice: "There is no notice.", "暂无公告。";
        Floor: "Who may speak", "发言规则";
        ShortFree: "Everybody", "所有人";
        ShortQuestions: "Questions to admins", "只向管理员提问";
        ShortAdmins: "Admins only", "仅管理员";
        ShortSilent: "Nobody", "全员禁言";
        Invite: "Invite", "邀请成员";
        Rename: "Rename", "改名";
        EditNotice: "Write a notice", "修改公告";
        Leave: "Leave", "退出";
        Dissolve: "Dissolve", "解散";
        You: "you", "我";
        MutedUntil { until }: "muted until {until}", "禁言至 {until}";

        Actions { name }: "What about {name}?", "{name}";
        TheirCard: "Show their card", "查看名片";
        Mute10: "Mute for 10 minutes", "禁言 10 分钟";
        Mute60: "Mute for an hour", "禁言 1 小时";
        MuteLong: "Mute until it is lifted (30 days at most)", "一直禁言，直到解除（最长 30 天）";
        Unmute: "Let them speak again", "解除禁言";
        Kick: "Remove from the group", "移出群";
        MakeAdmin: "Make an admin", "设为管理员";
        MakeMember: "No longer an admin", "取消管理员";
        HandOver: "Hand the group over", "转让群主";

        LeaveTitle { name }: "Leave {name}?", "退出 {name}？";
        LeaveText: "You get no more of its messages. What was said until now stays here.", "退出后不再收到群消息，聊天记录保留在本机。";
        OwnerStays: "It is yours: hand it over first, or dissolve it.", "您是群主，请先转让或解散。";
        DissolveTitle { name }: "Dissolve {name}?", "解散 {name}？";
        DissolveText: "It ends for everybody, and cannot be had back.", "解散后所有人都不能再使用该群，且无法恢复。";
        KickTitle { name }: "Remove {name}?", "移出 {name}？";
        KickText: "They get no more messages of the group.", "对方将不再收到群消息。";
        HandOverTitle { name }: "Hand the group over to {name}?", "把群转让给 {name}？";
        HandOverText: "Then the group is theirs, and only they can give it back.", "转让后对方成为群主，只有对方才能再转让回来。";

        RenameTitle: "Another name for the group", "修改群名称";
        NoticeTitle: "What everybody in the group shall read", "发布群公告";
        NoticeHint: "Leave it empty to take the notice away", "留空即删除公告";
        InviteTitle { name }: "Invite into {name}", "邀请加入 {name}";
        InviteYes { count }: "Invite {count}", "邀请 {count} 人";
        NobodyLeft: "All your friends are in it already.", "您的好友都已在群中。";
        Save: "Save", "保存";

        Invited { count }: "{count} invited. They decide whether they come in.", "已邀请 {count} 人，等待对方同意。";
        Added { count }: "{count} added.", "已添加 {count} 人。";
        Made { name }: "{name} is made.", "已创建 {name}。";
        Changed: "Changed.", "已修改。";
        LeftDone: "You have left the group.", "已退出群。";
        DissolvedDone: "The group is dissolved.", "群已解散。";
        Applied { name }: "You have asked to come into {name}. One of its admins has to answer.", "已申请加入 {name}，等待管理员同意。";

        NotIn: "You are not in this group any more: its messages can be read, and no new ones come.", "您已不在该群中，可以查看记录，不会再收到新消息。";
        Muted { until }: "You may not speak here until {until}.", "您已被禁言，{until} 后可以发言。";
        AdminsOnly: "Only admins may speak here now.", "目前只有管理员可以发言。";
        Silent: "Nobody may speak here now.", "目前全员禁言。";
        AsksOnly: "Only the admins see what you write here", "您的发言只有管理员能看到";

        NamesMe: "[@you]", "[@我]";
        NamesYou { name, group }: "{name} mentions you in {group}", "{name} 在 {group} 中提到您";
        InviteFrom { name, group }: "{name} invites you into {group}", "{name} 邀请您加入 {group}";
        ApplyFrom { name, group }: "{name} asks to come into {group}", "{name} 申请加入 {group}";
        InvitesYou { group }: "invites you into {group}", "邀请您加入 {group}";
        AppliesTo { group }: "asks to come into {group}", "申请加入 {group}";
        YouInvited { group }: "you invited them into {group}", "您邀请对方加入 {group}";
        YouAppliedTo { group }: "you asked to come into {group}", "您申请加入 {group}";

        ReadBy { read, all }: "● Read {read}/{all}", "● 已读 {read}/{all}";
        HadBy { have, all }: "✓✓ Delivered {have}/{all}", "✓✓ 已送达 {have}/{all}";
        HeardTip: "Who has read it?", "查看谁已读";
        HeardTitle: "Who has it", "消息接收情况";
        HeardRead { count }: "Read ({count})", "已读（{count}）";
        HeardHave { count }: "Delivered ({count})", "已送达（{count}）";
        HeardWaits { count }: "Not there yet ({count})", "尚未送达（{count}）";
        HeardFailed { count }: "Not sent ({count})", "发送失败（{count}）";
        HeardFile { count }: "Have the file ({count})", "已接收文件（{count}）";
        HeardNobody: "Nobody else hears it.", "没有其他人会收到。";
        FileHad { count }: "{count} have it", "已有 {count} 人接收";

        Announces { name }: "Announcement by {name}", "{name} 的公告";
        ConfirmWanted: "Please confirm that you have read it.", "请确认您已阅读。";
        ConfirmRead: "I have read it", "确认已读";
        AnnouncementSeen: "Close", "知道了";
        Announce: "Announce", "发公告";
        AnnounceTitle { name }: "Announce to {name}", "向 {name} 发布公告";
        AnnounceHint: "What everybody shall know", "要告诉所有人的内容";
        AnnounceTo: "Announce", "发布公告";
        AnnounceToWhom: "To whom", "发给";
        ToEverybody { count }: "Everybody ({count})", "所有人（{count}）";
        ToLan: "Everybody on this LAN, also without the server", "本局域网内的所有人（没有服务器也能收到）";
        LanAbout: "What the server announces to all, and teachers and admins to everybody on this LAN", "服务器发给所有人、老师和管理员发给本局域网的公告";
        LanSilent: "Only announcements stand here.", "这里只有公告。";
        AskToConfirm: "Ask everybody to confirm it", "要求所有人确认";
        InLargeLetters: "In large letters", "大字显示";
        NeedsWords: "Type what you want to announce.", "请输入公告内容。";
        AnnounceAgain: "Announce to the rest again", "再次发给其余的人";
        ProofTitle: "Who knows it", "公告送达情况";
        ProofDone { done, all }: "{done} of {all}", "{done} / {all}";
        ProofConfirmed { count }: "Confirmed ({count})", "已确认（{count}）";
        ProofShown { count }: "Seen ({count})", "已读（{count}）";
        ProofDelivered { count }: "Delivered ({count})", "已送达（{count}）";
        ProofWaiting { count }: "On its way ({count})", "发送中（{count}）";
        ProofOffline { count }: "Offline ({count})", "不在线（{count}）";
        ProofUnreachable { count }: "Out of reach ({count})", "联系不上（{count}）";

        Everybody: "everybody", "所有人";
        EverybodyWord: "all", "所有人";
        OfferHint: "Enter chooses · Esc closes", "Enter 选择 · Esc 关闭";
    }
}
