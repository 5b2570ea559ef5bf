//! Who one writes to, and what one writes.

use crate::text::texts;

texts! {
    /// Words above and below the messages.
    pub enum ComposeText {
        Send: "Send", "发送";
        Placeholder: "Write a message", "输入消息";
        EnterHint: "Enter sends · Shift+Enter begins a new line", "Enter 发送 · Shift+Enter 换行";
        WayDirect: "messages go directly", "消息直连传送";
        WayRelay: "messages go through the server, encrypted", "消息经服务器加密中继";
        WayMail: "messages wait sealed at the server", "消息密封存放在服务器";
        WayNone: "messages wait here", "消息暂存在本机";
        Emoji: "Emoji", "表情";
        Attach: "Send files", "发送文件";
        EmojiSearch: "Search emoji", "搜索表情";
        EmojiNone: "No emoji found", "没有找到表情";
        EmojiHint: "Enter inserts · Shift+Enter for several", "Enter 插入 · Shift+Enter 连续插入";
        EmojiRecent: "Recent", "最近使用";
        EmojiFaces: "Faces", "表情";
        EmojiHands: "Hands and people", "手势与人物";
        EmojiHearts: "Hearts", "爱心";
        EmojiNature: "Animals and nature", "动物与自然";
        EmojiFood: "Food and drink", "食物";
        EmojiThings: "Things", "物品";
        EmojiSigns: "Signs", "符号";
        DropHere { name }: "Drop to send to {name}", "松开即可发送给 {name}";
        DropHint: "Files and pictures", "文件和图片都可以";
        DropNowhere: "Choose somebody on the left first, then drop files on the conversation.", "请先在左侧选择联系人，再把文件拖到对话中。";
        SendTitle { name }: "Send to {name}?", "发送给 {name}？";
        SendPicture: "The picture from the clipboard:", "剪贴板中的图片：";
        SendFiles { count, size }: "{count} files, {size} in all:", "共 {count} 个文件，{size}：";
        SendMore { count }: "and {count} more", "以及另外 {count} 个";
        RoomLeft { count }: "room for about {count} more letters", "还可输入约 {count} 个字";
        Full: "This message is as long as it can be. Please send the rest in another one.", "已达单条消息的长度上限，其余内容请分条发送。";
    }
}
