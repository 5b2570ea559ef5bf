//! What is said of announcements, whatever shows it.

use super::texts;

texts! {
    /// Sentences about announcements.
    pub enum AnnouncementText {
        Lan: "Announcements to everybody", "全体公告";
        Announces { from, text }: "ANNOUNCEMENT by {from}: {text}", "【公告】{from}：{text}";
        PleaseConfirm { message }: "Please confirm that you have read it: hutong confirm {message}", "请确认已读：hutong confirm {message}";
        ConfirmedBy { who }: "{who} has read and confirmed the announcement", "{who} 已确认公告";
        Confirmed: "Confirmed.", "已确认。";
        None: "There are no announcements.", "没有公告。";
        Row { at, from, text, id }: "{at}  {from}: {text}  ({id})", "{at}  {from}：{text}（{id}）";
        RowConfirmed { row }: "{row}  ✓ confirmed", "{row}  ✓ 已确认";
        RowOpen { row }: "{row}  ○ not confirmed yet", "{row}  ○ 待确认";
        Proof { text, total }: "\"{text}\" — for {total} people", "“{text}” — 共 {total} 人";
        ProofConfirmed { count, names }: "confirmed    {count}  {names}", "已确认    {count}  {names}";
        ProofShown { count, names }: "seen         {count}  {names}", "已读      {count}  {names}";
        ProofDelivered { count, names }: "delivered    {count}  {names}", "已送达    {count}  {names}";
        ProofWaiting { count, names }: "on its way   {count}  {names}", "发送中    {count}  {names}";
        ProofOffline { count, names }: "offline      {count}  {names}", "不在线    {count}  {names}";
        ProofUnreachable { count, names }: "unreachable  {count}  {names}", "无法送达  {count}  {names}";
    }
}

texts! {
    /// Sentences about what the rendezvous itself announces.
    pub enum BulletinText {
        Server: "the server", "服务器";
        OnItsWay { total, number }: "On its way to {total} people. Who has read it: rendezvous announcements {number}", "正在发给 {total} 人。查看阅读情况：rendezvous announcements {number}";
        Number: "no.", "编号";
        At: "made", "发布时间";
        For: "for", "对象";
        Read: "read", "已读";
        Words: "announcement", "内容";
        Everybody: "everybody", "所有人";
    }
}
