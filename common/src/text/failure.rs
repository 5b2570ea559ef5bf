//! What stops a command on this computer, before or beside any refusal of the rendezvous.

use super::texts;

texts! {
    /// Failures that are known on this computer.
    pub enum Failure {
        NoAccount { login }: "No account \"{login}\".", "没有账号“{login}”。";
        NoContact { login }: "\"{login}\" is none of your contacts.", "“{login}”不是您的联系人。";
        Malformed { detail }: "This command makes no sense: {detail}", "命令有误：{detail}";
        UnknownVerb { verb }: "There is no command \"{verb}\".", "没有命令“{verb}”。";
        MissingArgument { name }: "The argument \"{name}\" is missing.", "缺少参数“{name}”。";
        NotSignedIn: "You are not signed in. Use \"hutong login\" or \"hutong register\".", "您尚未登录，请使用 hutong login 或 hutong register。";
        AlreadySignedIn: "Somebody is signed in here. Use \"hutong logout\" first, or another --home.", "这里已经登录了账号。请先 hutong logout，或者使用另一个 --home。";
        HomeLocked: "Another program uses this home folder.", "另一个程序正在使用这个主目录。";
        NoServer: "No rendezvous is known. Give one with --server.", "没有找到服务器，请用 --server 指定。";
        SeveralServers: "More than one rendezvous was found. Choose one with --server; \"hutong servers\" lists them.", "找到多个服务器，请用 --server 选择；hutong servers 可以列出。";
        ServerNotTrusted { address, fingerprint }: "The rendezvous at {address} is not known yet. Its fingerprint is {fingerprint}. Compare it with what the teacher shows, then repeat with --accept-new-server.", "服务器 {address} 尚未确认，其指纹为 {fingerprint}。请与老师给出的指纹核对，然后加上 --accept-new-server 重试。";
        ServerKeyChanged: "The rendezvous has another key than before. This may be an attack: nothing was sent. Ask its administrator.", "服务器的密钥与以前不同，可能有人冒充，因此没有发送任何内容。请询问管理员。";
        ServerKeyChangedTo { fingerprint }: "The rendezvous has another key than before, now {fingerprint}. This may be an attack: nothing was sent. Ask its administrator.", "服务器的密钥与以前不同，现在是 {fingerprint}，可能有人冒充，因此没有发送任何内容。请询问管理员。";
        Unreachable: "The rendezvous does not answer.", "服务器没有响应。";
        NoSuchFile { path }: "No such file, or it cannot be read: {path}", "文件不存在或无法读取：{path}";
        PictureUnreadable { path }: "This is no picture that can be read (PNG, JPEG, GIF or WebP): {path}", "无法识别的图片（支持 PNG、JPEG、GIF、WebP）：{path}";
        PictureTooLarge { path, size, side, pixels }: "The picture is too large: {path}. At most {size}, {side} pixels wide or high, and {pixels} million pixels in all.", "图片太大：{path}。文件不得超过 {size}，宽和高不得超过 {side} 像素，总计不得超过 {pixels} 百万像素。";
        NoSuchMessage: "No such message.", "没有这条消息。";
        OnlyTeachers: "Only teachers and admins of the rendezvous announce. Whoever runs it says who is one: \"rendezvous account role\".", "只有服务器的老师和管理员才能发布公告。由服务器管理者指定：rendezvous account role。";
        ThisDevice: "This is the computer that you are using. To take it out of the account, sign out: \"hutong logout\".", "这就是您正在使用的电脑。要将它移出账号，请退出登录：hutong logout。";
        NoSuchDevice: "Your account has no such computer; \"hutong devices\" lists them.", "您的账号中没有这台电脑，可用 hutong devices 查看。";
        NoSuchCode { code }: "No group has the code \"{code}\". Read it again: eight letters and digits; its admin may have made a new one.", "没有加入码为“{code}”的群或班级。请核对这八位字母和数字，管理员也可能已更换。";
        NoSpace { missing, folder }: "There is not enough room in {folder}: {missing} more must be free.", "{folder} 空间不足，还差 {missing}。";
        NotWritable { folder }: "The folder {folder} cannot be written. Choose another one with --to.", "无法写入文件夹 {folder}，请用 --to 选择其他位置。";
        PausedByOther: "The other side paused this file; only they can let it go on.", "文件由对方暂停，只有对方可以继续。";
        TimedOut: "It took too long.", "操作超时。";
        Storage { detail }: "This computer's disk or database failed: {detail}", "本机磁盘或数据库出错：{detail}";
        EngineGone: "The running program ended before it answered.", "正在运行的程序在答复之前已经结束。";
    }
}
