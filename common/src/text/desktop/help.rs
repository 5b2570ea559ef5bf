//! The help of the window's command line, named as in [`crate::text::help`], which has what is not here.

use crate::text::{Lang, by_name, texts};

texts! {
    /// Sentences of `hutong-desktop --help`.
    pub enum DesktopHelp {
        About: "Hutong's window: chat and files on the local network, computer to computer", "胡同的窗口：局域网聊天与文件传输，电脑直连";
        Examples: "Examples:\n  hutong-desktop                                     open your window, or bring it to the front\n  hutong-desktop --home ./second                     a second person on this computer\n  hutong-desktop --lang zh                           in Chinese\n\nThe window needs no options: a class is found, joined or started in it. While it is open, \"hutong\"\nwith the same home works beside it, and whoever opens the program again sees the same window.\n\nA file hutong.toml in the home, or beside the program, may name the rendezvous, so that nobody has\nto: server = \"hutong://join?…\"\nOn computers that many people share, the line seat = true makes every sign-in one at a shared seat.", "示例：\n  hutong-desktop                                     打开窗口；已打开时切换到前台\n  hutong-desktop --home ./second                     同一台电脑上的第二个人\n  hutong-desktop --lang en                           使用英文界面\n\n窗口不需要任何选项：查找、加入和开办班级都在其中完成。窗口打开时，可以用 hutong 命令操作\n同一个主目录；再次启动程序会显示已经打开的窗口。\n\n主目录或程序所在目录中的 hutong.toml 可以指定服务器，省得每个人输入：server = \"hutong://join?…\"\n多人共用的电脑可加一行 seat = true，让每次登录都按公用电脑处理。";
        HomeIs { folder }: "Your home, when none is given: {folder}", "未指定时，您的主目录是：{folder}";
        ArgHome: "Folder that holds everything of one person; another folder is another person", "存放一个人全部数据的目录；不同的目录属于不同的人";
        ArgLang: "Language: zh or en (default: as set in the window, at first by the locale)", "语言：zh 或 en（默认按窗口中的设置，首次按系统设置）";
        ArgFrames: "Tell on standard output how long each frame took, as lines of JSON", "在标准输出以 JSON 行显示每一帧的耗时";
        ArgVerbose: "Log more on standard error", "在标准错误输出更多日志";
    }
}

impl DesktopHelp<'_> {
    /// The sentence of this name, for a command line that is put together at run time.
    pub fn by_name(name: &str, lang: Lang) -> Option<&'static str> {
        by_name(Self::TABLE, name, lang)
    }
}
