//! What is said of groups, whatever shows it.

use super::texts;

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
        RoleOwner: "owner", "群主";
        RoleAdmin: "admin", "管理员";
        RoleMember: "member", "成员";
        FloorFree: "everybody may speak", "所有人可以发言";
        FloorQuestions: "what members say goes to the admins", "成员的发言只有管理员能看到";
        FloorAdmins: "only admins may speak", "只有管理员可以发言";
        FloorSilent: "nobody may speak", "全员禁言";
    }
}
