//! What is said of groups, whatever shows it.

use super::{Lang, bytes, texts};
use crate::limits::FILE_BYTES_MAX;

texts! {
    /// Sentences about groups.
    pub enum GroupText {
        None: "You are in no group. Make one with \"hutong group create NAME\".", "您还没有加入任何群，可以用 hutong group create 名称 创建。";
        HeadGroup: "GROUP", "群号";
        HeadName: "NAME", "名称";
        HeadMembers: "MEMBERS", "人数";
        HeadRole: "ROLE", "身份";
        Head { name, group, floor }: "{name} ({group}) — {floor}", "{name}（{group}）— {floor}";
        Found { name, group, members }: "{name} ({group}), {members} members", "{name}（{group}），{members} 人";
        YouAreIn: "You are in it.", "您已在群中。";
        YouAreInvited { request }: "You are invited. Come in with: hutong accept {request}", "您已受邀。加入：hutong accept {request}";
        YouApplied: "You have applied; an admin has to answer.", "您已申请加入，等待管理员答复。";
        YouMayApply { group }: "Ask to come in with: hutong group apply {group}", "申请加入：hutong group apply {group}";
        Asked { request }: "Asked (request {request}).", "申请已发送（编号 {request}）。";
        Changed: "Changed.", "已修改。";
        Dissolved: "The group is dissolved.", "群已解散。";
        Line { name, what }: "[{name}] {what}", "[{name}] {what}";
        By { what, by }: "{what} (by {by})", "{what}（操作人：{by}）";
        Entered: "You are in this group now.", "您已加入该群。";
        Left: "You are in this group no more.", "您已不在该群中。";
        Joined { who }: "{who} came in", "{who} 加入了群";
        Gone { who }: "{who} is out", "{who} 离开了群";
        RoleChanged { who }: "{who} has another role", "{who} 的身份已变更";
        Muted { who }: "{who} may not speak for a while", "{who} 被禁言";
        Unmuted { who }: "{who} may speak again", "{who} 已解除禁言";
        Renamed: "it has a new name", "群名称已修改";
        NoticeChanged: "its notice changed", "群公告已更新";
        PictureChanged: "its picture changed", "群头像已更新";
        FloorChanged: "who may speak changed", "发言规则已变更";
        PolicyChanged: "the rules of the class changed", "班级规则已变更";
        RuleFree: "No lesson is on: people talk as they like.", "自由时间：可以随意交流。";
        RuleLesson: "A lesson is on: members write in private to admins only.", "上课中：成员之间不能私聊，只能与管理员私聊。";
        RuleExam: "An exam is on: only admins write here, and members write in private to admins only.", "考试中：班级里只有管理员可以发言，成员只能与管理员私聊。";
        RuleChatOn: "Private chats: with everybody", "私聊：可以与所有人私聊";
        RuleChatAdmins: "Private chats: with admins only", "私聊：只能与管理员私聊";
        RuleChatOff: "Private chats: none within the class", "私聊：班级内不允许私聊";
        RuleGroupsOn: "Groups: members may make their own", "建群：成员可以建群";
        RuleGroupsOff: "Groups: members may make none", "建群：成员不能建群";
        RuleFilesOn: "Files: members may send them", "文件：成员可以发送";
        RuleFilesUpTo { size }: "Files: members may send them up to {size}", "文件：成员可以发送，最大 {size}";
        RuleFilesOff: "Files: members may send none", "文件：成员不能发送";
        RuleRecall { seconds }: "Taking back: within {seconds} seconds", "撤回：{seconds} 秒以内";
        RuleRecallOff: "Taking back: never", "撤回：不允许";
        RuleQuiet { hours }: "Quiet hours: {hours}", "免打扰时段：{hours}";
        RuleQuietOff: "Quiet hours: none", "免打扰时段：没有";
        Invites { from, request, text, name }: "{from} invites you into the group {name} (request {request}): {text}", "{from} 邀请您加入群 {name}（编号 {request}）：{text}";
        Applies { from, request, text, name }: "{from} asks to come into the group {name} (request {request}): {text}", "{from} 申请加入群 {name}（编号 {request}）：{text}";
        MutedUntil { until }: "muted until {until}", "禁言至 {until}";
        Code { name, code }: "{name} — code {code}\nWhoever types it comes in: hutong group join {code}", "{name} — 加入码 {code}\n输入后即可加入：hutong group join {code}";
        NoCode { name }: "{name} has no code. Make one with --new.", "{name} 没有加入码，可用 --new 生成。";
        Attendance { name, present, missing }: "{name}: {present} there, {missing} missing", "{name}：到 {present} 人，缺 {missing} 人";
        HeadThere: "STATE", "出勤";
        HeadSince: "SINCE", "到达时间";
        HeadSeat: "SEAT", "座位";
        There: "there", "到";
        Missing: "missing", "缺";
        Saved { path }: "Saved: {path}", "已保存：{path}";
        NotSaved { path, fault }: "Cannot write {path}: {fault}", "无法写入 {path}：{fault}";
        Hands { name }: "Raised hands in {name}:", "{name} 举手的人：";
        Hand { place, who, login, at }: "{place}. {who} ({login}), {at}", "{place}. {who}（{login}），{at}";
        NoHands { name }: "No hand is raised in {name}.", "{name} 没有人举手。";
        KindGroup: "group", "群";
        KindClass: "class", "班级";
        RankTeacher: "teacher", "老师";
        RankAdmin: "server admin", "服务器管理员";
        Ranked { name, rank }: "{name} · {rank}", "{name} · {rank}";
        RoleOwner: "owner", "群主";
        RoleAdmin: "admin", "管理员";
        RoleMember: "member", "成员";
        FloorFree: "everybody may speak", "所有人可以发言";
        FloorQuestions: "what members say goes to the admins", "成员的发言只有管理员能看到";
        FloorAdmins: "only admins may speak", "只有管理员可以发言";
        FloorSilent: "nobody may speak", "全员禁言";
    }
}

/// The rules of a class, as the contract names them.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    /// `free`, `lesson` or `exam`.
    pub mode: &'a str,
    /// `on`, `admins` or `off`.
    pub private_chat: &'a str,
    /// Whether members may make groups.
    pub create_groups: bool,
    /// Whether members may send files.
    pub send_files: bool,
    /// The largest of them, in bytes.
    pub file_bytes_max: u64,
    /// How long a message can be taken back, in milliseconds.
    pub recall_ms: u64,
    /// When nobody is disturbed.
    pub quiet: Option<&'a str>,
}

impl Rules<'_> {
    /// A sentence for each, what the class is doing first.
    pub fn say(&self, lang: Lang) -> Vec<String> {
        let mode = match self.mode {
            "exam" => GroupText::RuleExam,
            "lesson" => GroupText::RuleLesson,
            _ => GroupText::RuleFree,
        };
        let chat = match self.private_chat {
            "off" => GroupText::RuleChatOff,
            "admins" => GroupText::RuleChatAdmins,
            _ => GroupText::RuleChatOn,
        };
        let groups = if self.create_groups {
            GroupText::RuleGroupsOn
        } else {
            GroupText::RuleGroupsOff
        };
        let size = &bytes(self.file_bytes_max);
        let files = match (self.send_files, self.file_bytes_max >= FILE_BYTES_MAX) {
            (false, _) => GroupText::RuleFilesOff,
            (true, true) => GroupText::RuleFilesOn,
            (true, false) => GroupText::RuleFilesUpTo { size },
        };
        let seconds = &(self.recall_ms / 1_000);
        let recall = if *seconds == 0 {
            GroupText::RuleRecallOff
        } else {
            GroupText::RuleRecall { seconds }
        };
        let quiet = self.quiet.unwrap_or_default();
        let hours: &dyn std::fmt::Display = &quiet;
        let quiet = if quiet.is_empty() {
            GroupText::RuleQuietOff
        } else {
            GroupText::RuleQuiet { hours }
        };
        let rules = [mode, chat, groups, files, recall, quiet];
        rules.iter().map(|rule| rule.say(lang)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exam_is_said_before_everything_else_in_both_languages() {
        let rules = Rules {
            mode: "exam",
            private_chat: "admins",
            create_groups: false,
            send_files: true,
            file_bytes_max: 5 << 20,
            recall_ms: 120_000,
            quiet: Some("22:00-06:30"),
        };
        for (lang, first, size) in [(Lang::En, "exam", "5.0 MiB"), (Lang::Zh, "考试", "5.0 MiB")]
        {
            let said = rules.say(lang);
            assert_eq!(said.len(), 6);
            assert!(said[0].contains(first), "{said:?}");
            assert!(
                said[3].contains(size) && said[5].contains("22:00"),
                "{said:?}"
            );
        }
    }
}
