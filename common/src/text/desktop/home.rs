//! The frame of the window: its lists, its rail, and the states in which it is empty.

use crate::text::texts;

texts! {
    /// Words of the frame.
    pub enum HomeText {
        Hutong: "Hutong", "胡同";
        Chats: "Chats", "消息";
        Friends: "Friends", "好友";
        Groups: "Groups", "群聊";
        Requests: "Requests", "申请";
        Files: "Files", "文件";
        History: "History", "记录";
        Settings: "Settings", "设置";
        SearchHint: "Search", "搜索";
        AddFriend: "Add a friend", "添加好友";
        Online: "online", "在线";
        Away: "away", "离开";
        Offline: "offline", "离线";
        ServerOnline { server }: "Connected to {server}", "已连接 {server}";
        ServerOffline: "Server not reachable: only people on this network can be reached directly", "连不上服务器：只能直接联系同一网络中的人";
        Starting: "Opening…", "正在打开…";
        HomeLocked: "Hutong is already open with this folder. Look for its window.", "胡同已经打开，请找到它的窗口。";
        HomeBroken { detail }: "Hutong cannot open its folder: {detail}", "无法打开胡同的数据文件夹：{detail}";
        Stopped: "Hutong has stopped. Please start it again.", "胡同已停止运行，请重新打开。";
        NoChats: "No conversations yet", "还没有消息";
        NoFriends: "No friends yet", "还没有好友";
        NothingFound: "Nothing found", "没有找到";
        NoFriendsHint: "Add somebody by login name: the button with the plus sign above.", "点击上方的加号，按登录名添加好友。";
        ChooseChat: "Choose somebody on the left", "请在左侧选择联系人";
        ChooseChatHint: "Messages go directly from computer to computer, and wait at the server for those who are away.", "消息在电脑之间直接传送；对方不在时，会在服务器上等待。";
        Picture: "[Picture]", "[图片]";
        File { name }: "[File] {name}", "[文件] {name}";
        Unknown: "[Needs a newer version]", "[需要更新版本才能查看]";
        Says { name, words }: "{name}: {words}", "{name}：{words}";
        Draft: "[Draft]", "[草稿]";
        NewMessage: "New message", "新消息";
        RequestFrom { name }: "{name} wants to be your friend", "{name} 请求加您为好友";
        FileFrom { name }: "{name} sends you a file", "{name} 给您发来文件";
        Unread { count }: "({count}) Hutong", "({count}) 胡同";
    }
}
