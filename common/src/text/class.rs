//! Why a class was not started on this computer.

use super::texts;

texts! {
    /// Sentences about a class that was not started.
    pub enum ClassFailure {
        NoProgram: "The program \"rendezvous\" is missing: put it beside this one.", "缺少 rendezvous 程序，请把它放在本程序所在的文件夹中。";
        Program { program, why }: "{program} cannot be run: {why}", "无法运行 {program}：{why}";
        Folder { path, why }: "The folder of the class cannot be used: {path}: {why}", "无法使用班级的数据文件夹：{path}：{why}";
        BadName: "A class cannot be called so: choose a shorter name without special characters.", "班级名称不可用，请换一个较短的、不含特殊字符的名称。";
        NotReady: "The class did not start in time. Please try again.", "班级没有及时启动，请重试。";
        SignedInElsewhere: "You are signed in at another server. Sign out first.", "您已登录到另一个服务器，请先退出登录。";
    }
}
