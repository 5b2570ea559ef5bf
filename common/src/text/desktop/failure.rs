//! What goes wrong, and what a person should know, in words that fit a window.

use crate::text::texts;

texts! {
    /// Why something was not done.
    pub enum FailureText {
        NoAccount { login }: "Nobody has the login name \"{login}\".", "没有找到登录名为“{login}”的用户。";
        NoContact { login }: "\"{login}\" is none of your contacts.", "“{login}”不是您的联系人。";
        CannotAdd { login }: "\"{login}\" cannot be asked now.", "暂时无法向“{login}”发送申请。";
        TheyRequested: "They asked you already: you find it under Requests.", "对方已经向您发出申请，请到“申请”中处理。";
        Blocked: "You blocked them. Lift that first.", "您已将对方拉黑，请先取消拉黑。";
        Malformed { detail }: "The program asked for something that makes no sense: {detail}", "程序发出了无效的请求：{detail}";
        NotSignedIn: "You are not signed in.", "您尚未登录。";
        AlreadySignedIn: "Somebody is signed in here already.", "这里已经登录了账号。";
        HomeLocked: "Hutong is already open with this folder.", "胡同已经打开，正在使用这个文件夹。";
        NoServer: "No server was found on this network. Ask your teacher, or type an invite link or an address.", "在局域网中没有找到服务器。请询问老师，或者填写邀请链接或地址。";
        SeveralServers: "Several servers were found. Please choose one.", "找到多个服务器，请选择一个。";
        ServerNotTrusted: "This server is not known yet.", "这个服务器尚未确认。";
        ServerKeyChanged: "This server has another key than before. Somebody may pretend to be it, so nothing was sent. Ask your teacher.", "服务器的密钥与以前不同，可能有人冒充，因此没有发送任何内容。请询问老师。";
        Unreachable: "The server does not answer. Is the teacher's computer on, and are you in the same network?", "服务器没有响应。请确认老师的电脑已开机，并且您在同一个网络中。";
        NoSuchFile { path }: "This file is gone or cannot be read: {path}", "文件不存在或无法读取：{path}";
        PictureUnreadable: "This is no picture that can be read (PNG, JPEG, GIF or WebP).", "无法识别的图片（支持 PNG、JPEG、GIF、WebP）。";
        PictureTooLarge { size, side, pixels }: "This picture is too large: at most {size}, {side} pixels wide or high, and {pixels} million pixels in all.", "图片太大：不得超过 {size}，宽和高不得超过 {side} 像素，总计不得超过 {pixels} 百万像素。";
        NoSuchMessage: "This message is not here.", "没有这条消息。";
        OnlyTeachers: "Only teachers and admins of the server announce.", "只有服务器的老师和管理员才能发布公告。";
        ThisDevice: "This is the computer that you are using: sign out instead.", "这就是您正在使用的电脑，请直接退出登录。";
        NoSuchDevice: "Your account has no such computer.", "您的账号中没有这台电脑。";
        NoSuchCode { code }: "No group has the code \"{code}\". Please read it again.", "没有加入码为“{code}”的群或班级，请核对后重试。";
        NoSpace { folder, missing }: "The disk is full: {missing} more must be free in {folder}.", "磁盘空间不足：{folder} 还差 {missing}。";
        NotWritable { folder }: "Nothing can be written into {folder}. Choose another folder.", "无法写入文件夹 {folder}，请另选一个。";
        PausedByOther: "The other side paused it; only they can let it go on.", "由对方暂停，只有对方可以继续。";
        TimedOut: "It took too long. Please try again.", "操作超时，请重试。";
        Storage { detail }: "This computer's disk failed: {detail}", "本机磁盘出错：{detail}";
        NotKept: "Not done: this computer's disk failed or is full.", "操作未完成：本机磁盘出错或已满。";
        TooManyDevices: "Your account has as many computers as it may have. On one of them, remove another under Settings, Computers; then sign in here again.", "您的账号登录的电脑已达上限。请在其中一台的“设置—我的电脑”中移除一台，然后在这里重新登录。";
    }
}

texts! {
    /// What stays above a window until it is no longer true.
    pub enum WarningText {
        Compare: "Compare", "核对";
        Unlock: "Type the password", "输入密码";
        UnlockTitle: "Read what waits", "查看等待中的消息";
        UnlockText: "A computer was removed from your account, so mail has a new key since. Your password brings it to this computer.", "您的账号移除了一台电脑，此后的离线消息使用新的密钥。输入密码后即可在本机查看。";
        UnlockYes: "Unlock", "解锁";
        Unlocked: "Unlocked: what waited is here.", "已解锁，等待的消息已收到。";
        ClockOff: "This computer's clock is wrong. Messages are still in order; please set it right.", "本机时钟不准。消息顺序不受影响，请尽快校准。";
        IdentityCloned: "Another computer uses this one's key: the disk was copied. Sign in again, and remove computers that you do not know.", "另一台电脑使用了本机的密钥（磁盘被复制）。请重新登录，并移除不认识的电脑。";
        KeyChanged { who }: "{who} has a new key: they registered anew, or somebody took their place. Compare the safety number before you go on.", "{who} 的密钥已更换：可能重新注册了账号，也可能有人冒充。请先核对安全码。";
        SignedOut: "You were signed out here: this computer was removed from your account, or the session is over. Sign in again to go on.", "您已在本机退出：这台电脑已从账号中移除，或者登录已到期。请重新登录。";
        ServerKeyChanged: "The server has another key than before. Somebody may pretend to be it: nothing is sent. Ask your teacher.", "服务器的密钥与以前不同，可能有人冒充，已停止发送。请询问老师。";
        DeviceCopied { who }: "A computer of {who} was copied or set back: messages from it may be missing.", "{who} 的一台电脑被复制或还原，来自它的消息可能缺失。";
        MailLocked: "A computer was removed from your account. Type your password to read what was sent since.", "您的账号移除了一台电脑。请输入密码以查看此后的离线消息。";
        Storage: "This computer's disk failed or is full: nothing more is stored. It goes on by itself once there is room.", "本机磁盘出错或已满，暂时无法保存。腾出空间后会自动继续。";
        AccountLocked: "Your account is locked. Ask the teacher.", "您的账号已被锁定，请询问老师。";
        SheetDiffers { who }: "{who} sees other members of a group than you do. Ask the teacher before you say more there.", "{who} 看到的群成员与您看到的不同。请先询问老师，再继续发言。";
        AvatarNotSet: "Your account is made, but the picture was not taken. Set it again in your profile.", "账号已注册，但头像没有保存，请在个人资料中重新设置。";
    }
}
