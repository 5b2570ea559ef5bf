//! The file manager.

use crate::text::texts;

texts! {
    /// Words about files.
    pub enum FilesText {
        NoFiles: "No files yet", "还没有文件";
        NoFilesHint: "Files that you send and receive are listed here. Drop one into a conversation to send it.", "收发的文件会列在这里。把文件拖进对话即可发送。";
        From { name }: "from {name}", "来自 {name}";
        To { name }: "to {name}", "发给 {name}";
        WaitsForYou: "waits for your answer", "等待您接收";
        WaitsForThem: "waits for their answer", "等待对方接收";
        Waiting: "waits for the other side to be online", "等待对方上线";
        Paused: "paused", "已暂停";
        Received: "received and verified", "已接收并校验";
        Sent: "received by the other side", "对方已接收";
        Failed: "given up", "传输失败";
        Declined: "declined", "已拒绝";
        Accept: "Accept", "接收";
        Decline: "Decline", "拒绝";
        Pause: "Pause", "暂停";
        Resume: "Go on", "继续";
        Cancel: "Cancel", "取消";
        Open: "Open", "打开";
        ShowInFolder: "Show in folder", "打开所在文件夹";
    }
}
