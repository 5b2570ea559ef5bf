//! The file manager.

use crate::text::texts;

texts! {
    /// Words about files.
    pub enum FilesText {
        NoFiles: "No files yet", "还没有文件";
        NoFilesHint: "Files that you send and receive are listed here. Drop one into a conversation to send it.", "收发的文件会列在这里。把文件拖进对话即可发送。";
        From { name }: "from {name}", "来自 {name}";
        To { name }: "to {name}", "发给 {name}";
    }
}
