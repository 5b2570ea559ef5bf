//! What stands in the audit log of a rendezvous, for the person who runs it.

use super::texts;

texts! {
    /// A sentence for each kind of row, and what a check of the whole log found.
    pub enum Audit {
        Started: "started", "服务器启动";
        Stopped: "stopped", "服务器停止";
        ClockAccepted { detail }: "the clock was accepted by hand, {detail} off", "人工确认了系统时钟（相差 {detail}）";
        ClockJumped { detail }: "the computer's clock jumped by {detail}", "系统时钟跳变了 {detail}";
        Registered { login, detail }: "\"{login}\" registered as {detail}", "“{login}”注册（{detail}）";
        SignInsRefused { login, detail, count }: "{count} sign-ins as \"{login}\" from {detail} refused: too fast", "来自 {detail} 的 {count} 次“{login}”登录因过于频繁被拒绝";
        SignInsRefusedFrom { detail, count }: "{count} sign-ins from {detail} refused: too fast, no such account", "来自 {detail} 的 {count} 次登录因过于频繁被拒绝（账号不存在）";
        SignInsRefusedElsewhere { count }: "{count} further sign-ins refused: too fast", "另有 {count} 次登录因过于频繁被拒绝";
        Renamed { login }: "\"{login}\" was given another name", "修改了“{login}”的昵称";
        Locked { login }: "\"{login}\" was locked", "锁定了“{login}”";
        Unlocked { login }: "\"{login}\" was unlocked", "解锁了“{login}”";
        RoleSet { login, detail }: "\"{login}\" was made {detail}", "“{login}”的角色改为 {detail}";
        Deleted { login }: "\"{login}\" was deleted", "删除了“{login}”";
        ResetCodeMade { login }: "a reset code was made for \"{login}\"", "为“{login}”生成了重置码";
        Reset { login }: "\"{login}\" was registered anew with a reset code", "“{login}”用重置码重新注册";
        EverybodyFull { login, detail }: "\"{login}\" did not come into the class of everybody: it is full ({detail} members)", "“{login}”未能加入全体班级：人数已满（{detail} 人）";
        DeviceRemoved { login, detail }: "device {detail} of \"{login}\" was removed", "移除了“{login}”的设备 {detail}";
        Invited { detail }: "an invitation was made ({detail})", "生成了邀请（{detail}）";
        Announced { detail }: "the server announced something (number {detail})", "以服务器名义发布了公告（编号 {detail}）";
        SpaceLow: "little disk space left: no new mail, no registrations", "磁盘空间不足：暂停接收新消息和注册";
        SpaceBack: "there is disk space again", "磁盘空间已恢复";
        DatabaseFailed { count }: "the disk or the database failed; the database was opened again ({count} ×)", "磁盘或数据库出错，已重新打开数据库（{count} 次）";

        Whole { rows }: "All {rows} rows are as they were written.", "全部 {rows} 条记录均未被改动。";
    }
}
