//! Starting a class on this computer, and how others join it.

use crate::text::texts;

texts! {
    /// Words about one's own class.
    pub enum ClassText {
        Title: "Start a class on this PC", "在这台电脑上开班";
        Hint: "This computer becomes the server of your class. Nobody else needs to install anything but Hutong.", "这台电脑将成为班级的服务器，其他人只需要打开胡同。";
        Name: "Name of the class", "班级名称";
        Start: "Start the class", "开班";
        Starting: "Starting the class…", "正在开班…";
        NameMissing: "Please type a name for the class.", "请填写班级名称。";
        Section: "My class", "我的班级";
        Runs { name }: "\"{name}\" runs on this computer.", "“{name}”正在这台电脑上运行。";
        HowToJoin: "How others join", "如何加入";
        JoinTitle { name }: "How others join \"{name}\"", "如何加入“{name}”";
        Step1: "1. Open Hutong on the other computer, in the same network.", "1. 在同一网络的另一台电脑上打开胡同。";
        Step2 { name }: "2. The server \"{name}\" appears by itself: choose it, and create an account. If it does not appear, type this address:", "2. “{name}”会自动出现，选择它并注册账号。如果没有出现，请填写这个地址：";
        Step3: "3. The first time, compare this with what the other computer shows:", "3. 首次连接时，请核对另一台电脑显示的指纹：";
        Copy: "Copy the invite link", "复制邀请链接";
        Copied: "The invite link is in the clipboard.", "邀请链接已复制。";
        Stop: "Stop the class", "停止班级";
        Again: "Start my class again", "重新开班";
        Rests: "Your class is stopped. Nobody can reach it before you start it again.", "您的班级已停止。重新开班之前，其他人无法连接。";
        Stopped: "The class has stopped.", "班级已停止。";
        NotStopped: "The class could not be stopped.", "班级没有停止。";
        LeaveTitle: "Your class is running", "班级正在运行";
        LeaveText: "It can go on when this window is closed, so that others can still talk. Or stop it now.", "关闭窗口后班级可以继续运行，其他人仍可聊天；也可以现在停止。";
        LeaveOn: "Close, and let it run", "关闭窗口，继续运行";
        LeaveStop: "Stop it and close", "停止并关闭";
        Close: "Close", "关闭";
    }
}
