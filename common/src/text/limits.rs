//! The limits in force at a rendezvous, as `rendezvous check-config` tells them.

use super::texts;

texts! {
    /// A line for each kind of limit.
    pub enum Limits {
        Head { profile }: "Limits of the profile \"{profile}\"; this computer itself is exempt from those per address:", "“{profile}”方案的限制（本机不受按地址计算的限制）：";
        Strangers { all, per_ip }: "connections before sign-in: {all}, of these {per_ip} from one address", "登录前的连接：共 {all} 个，每个地址 {per_ip} 个";
        Connections { all, devices }: "connections: {all}, of one account {devices}", "连接总数：{all} 个，每个账号 {devices} 个";
        Memory { size }: "memory of large requests: {size}", "大请求占用的内存：{size}";
        Pushes { count, size }: "hints that wait for one client: {count} or {size}", "每个客户端的待发通知：{count} 条或 {size}";
        Guesses { login_minute, login_hour, ip, all }: "wrong passwords for one login: {login_minute} a minute and {login_hour} an hour from one address, {all} an hour from everywhere; from one address for all logins: {ip} a minute", "密码错误：同一地址对同一登录名每分钟 {login_minute} 次、每小时 {login_hour} 次，所有地址对同一登录名每小时 {all} 次，同一地址每分钟 {ip} 次";
        Registrations { per_ip, all }: "registrations: {per_ip} an hour from one address, {all} a day", "注册：每个地址每小时 {per_ip} 个，每天共 {all} 个";
        Unlimited: "one account: as fast as it can", "单个账号：不限速";
        Messages { burst, rate }: "messages of one account: {burst} at once, then {rate} a second", "每个账号的消息：突发 {burst} 条，之后每秒 {rate} 条";
        Friends { hour, young, open }: "friend requests of one account: {hour} an hour, {young} on its first day, {open} open", "每个账号的好友申请：每小时 {hour} 个，注册首日 {young} 个，待处理 {open} 个";
        Searches { minute, day }: "searches of one account: {minute} a minute, {day} a day", "每个账号的搜索：每分钟 {minute} 次，每天 {day} 次";
        Changes { profile, other }: "changes of one account at once: {profile} of its profile, {other} others", "每个账号的连续更改：资料 {profile} 次，其他 {other} 次";
        Questions { questions, acks, introductions }: "of one account at once: {questions} questions, {acks} acknowledgements, {introductions} introductions", "每个账号的连续请求：查询 {questions} 次，确认 {acks} 次，牵线 {introductions} 次";
        Relay { sessions, account, each, all }: "relayed sessions: {sessions}, opened by one account {account}; in a second through one {each}, through all {all}", "中转会话：共 {sessions} 个，每个账号发起 {account} 个；每秒流量：单个 {each}，合计 {all}";
        RelayOff: "relayed sessions: none", "中转会话：关闭";
        NoLimit: "without limit", "不限";
        Mail { count, size, pair_count, pair_size }: "mail that waits: {count} messages or {size} for one account, {pair_count} or {pair_size} from one sender to it", "待取消息：每个账号 {count} 条或 {size}，其中来自同一发送者 {pair_count} 条或 {pair_size}";
    }
}
