//! Oneself, one's computers, and what one likes.

use crate::text::texts;

texts! {
    /// Words of the settings, the profile and the list of computers.
    pub enum SettingsText {
        Language: "Language", "语言";
        Colours: "Colours", "外观";
        Light: "Light", "浅色";
        Dark: "Dark", "深色";
        TextSize: "Text size", "文字大小";
        Notices: "Notices", "通知";
        NoticesOn: "Tell me of new messages on the desktop", "有新消息时在桌面提醒";
        Pictures: "Show pictures from friends by themselves (up to 8 MB)", "自动接收并显示好友的图片（不超过 8 MB）";
        Presentation: "Presentation mode", "演示模式";
        PresentationOn: "Show nothing private, for the projector (Ctrl+Shift+P)", "投影时不显示私人内容（Ctrl+Shift+P）";
        Presenting: "Presentation mode: nothing private is shown, and the desktop tells nothing.", "演示模式：不显示私人内容，桌面不弹出通知。";
        PresentingEnd: "End it (Ctrl+Shift+P)", "退出演示（Ctrl+Shift+P）";
        PresentingEmpty: "Private conversations are hidden", "私聊已隐藏";
        RevealTitle: "Leave presentation mode?", "要退出演示模式吗？";
        RevealText: "This is private: whoever sees your screen would see it.", "这是私人内容，退出后看到屏幕的人都能看到。";
        RevealYes: "Leave and show it", "退出并显示";
        Network: "Network", "网络";
        NetworkOnline { server }: "Connected to the server {server}", "已连接服务器 {server}";
        NetworkOffline: "The server is not reachable. Messages to people on this network still go directly; others wait here.", "连不上服务器。同一网络中的消息仍可直接传送，其他消息暂存在本机。";
        NetworkDirect { count, all }: "{count} of {all} friends are reached directly", "{all} 位好友中有 {count} 位为直连";
        CheckNetwork: "Check the network", "检查网络";
        CheckAgain: "Check again", "重新检查";
        CheckTitle { name }: "The way to {name}", "到 {name} 的线路";
        NetworkRelayed { who }: "Through the server, encrypted: {who}", "经服务器加密中继：{who}";
        Port { port }: "UDP port {port}", "UDP 端口 {port}";
        ServerId { id }: "Server id {id}", "服务器编号 {id}";
        DataFolder { folder }: "Data folder: {folder}", "数据文件夹：{folder}";
        Account: "Account", "账号";
        Computers: "My computers", "我的电脑";
        SignOut: "Sign out", "退出登录";
        SignOutTitle: "Sign out?", "要退出登录吗？";
        SignOutText: "This computer leaves your account, and everything of it is removed from here. What waits to be sent is handed over first.", "这台电脑将从账号中移除，本机上的数据会被清除；等待发送的消息会先交给服务器。";
        Cancel: "Cancel", "取消";
        Profile: "Profile", "个人资料";
        Name: "Display name", "显示名称";
        Signature: "A line about yourself", "个性签名";
        Login { login }: "Login name: {login}", "登录名：{login}";
        ChangePicture: "Choose a picture…", "选择头像…";
        RemovePicture: "Remove the picture", "移除头像";
        Save: "Save", "保存";
        Saved: "Saved.", "已保存。";
        AwayNow: "I am away", "我离开了";
        Password: "Password", "密码";
        OldPassword: "Password until now", "当前密码";
        NewPassword: "New password", "新密码";
        Again: "New password once more", "再输入一次新密码";
        ChangePassword: "Change the password", "修改密码";
        PasswordChanged: "The password is changed.", "密码已修改。";
        ThisComputer: "this computer", "本机";
        Seat: "shared computer", "公用电脑";
        Own: "own computer", "自己的电脑";
        Gone: "signed out", "已退出";
        Since { time }: "since {time}", "{time} 起";
        Remove: "Remove", "移除";
        RemoveTitle { label }: "Remove \"{label}\"?", "移除“{label}”？";
        RemoveText: "It is signed out and gets no new messages. Type your password.", "它将被退出登录，不再收到新消息。请输入密码。";
        Removed: "The computer was removed.", "电脑已移除。";
        Refresh: "Refresh", "刷新";
    }
}
