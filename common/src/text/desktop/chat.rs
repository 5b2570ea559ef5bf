//! The conversation: its rows, its bar, and what is written below it.

use crate::text::texts;

texts! {
    /// Words in and around a conversation.
    pub enum ChatText {
        Send: "Send", "发送";
    }
}
