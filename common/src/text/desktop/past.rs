//! Messages of the past.

use crate::text::texts;

texts! {
    /// Words of the pane that shows them.
    pub enum PastText {
        Title { name }: "History with {name}", "与 {name} 的聊天记录";
        Open: "History", "聊天记录";
        Day: "From this day on: 2026-11-22", "从哪一天起：2026-11-22";
        Look: "Show", "查看";
        All: "All", "全部";
        Mine: "Mine", "我的";
        Theirs: "Theirs", "对方的";
        NoDay: "This is no day. Write it like 2026-11-22.", "日期无效，请写成 2026-11-22 的形式。";
        Nothing: "Nothing found", "没有找到";
        Back: "Back", "返回";
    }
}
