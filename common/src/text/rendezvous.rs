//! What a rendezvous says to the person who runs it: how to join, and why it could not do what it was asked to.

use super::texts;

texts! {
    /// Sentences of the program `rendezvous`.
    pub enum Rendezvous {
        Running { name }: "\"{name}\" is running.", "“{name}”正在运行。";
        Addresses { hosts }: "address      {hosts}", "地址  {hosts}";
        Fingerprint { fingerprint }: "fingerprint  {fingerprint}", "指纹  {fingerprint}";
        Invitation { link }: "invitation   {link}", "邀请  {link}";
        Found: "Clients on this network find it by themselves. Compare fingerprints before you trust it.", "同一局域网内的客户端会自动找到本服务器，首次连接时请核对指纹。";
        OwnerCode { code }: "There is no admin yet: whoever registers with the owner code {code} becomes one.", "还没有管理员：用管理员注册码 {code} 注册的人将成为管理员。";
        HowToStop: "Ctrl-C stops it.", "按 Ctrl-C 停止。";
        IsRoot: "The rendezvous runs as root. It needs no such rights: run it as a user of its own.", "服务器正以 root 身份运行，它不需要这样的权限：请使用专用的普通用户。";
        Stopping: "Stopping.", "正在停止。";

        NoNetwork: "This computer has no network: nobody else can reach the rendezvous before it is connected.", "本机没有连接网络：连上网络之前，其他人无法连接本服务器。";
        LittleSpace { free }: "Only {free} are free on the disk of the data folder: no mail and no registrations are taken until there is space.", "数据文件夹所在磁盘只剩 {free}：腾出空间之前，不接收离线消息和注册。";
        ClockOld { time }: "The clock of this computer says {time}, which cannot be right: set it, or clients will not trust what is signed here.", "系统时钟显示 {time}，显然不对：请校准，否则客户端不会信任本服务器的签名。";
        AnotherNode { address }: "Another rendezvous with the same key is at {address}: stop one of both, for people will miss each other and changes be lost.", "{address} 上有另一个使用相同密钥的服务器：请停掉其中一个，否则大家会彼此错过，数据也会不一致。";
        NobodyCame { port }: "Nobody has come from another computer yet. If somebody tried: a firewall here may keep TCP port {port} closed, or this Wi-Fi keeps its computers apart.", "还没有其他电脑连接过来。如果有人试过：可能是本机防火墙没有开放 TCP 端口 {port}，或者这个 Wi-Fi 隔离了各台设备。";
        Firewall { port }: "Open the port (sudo ufw allow {port}/tcp, or sudo firewall-cmd --add-port={port}/tcp), or use another network.", "请开放端口（sudo ufw allow {port}/tcp 或 sudo firewall-cmd --add-port={port}/tcp），或换一个网络。";
        FirewallOfWindows { port }: "Allow this program in the firewall of Windows for private networks (TCP {port}), and set this network to private, or use another one.", "请在 Windows 防火墙中允许本程序用于专用网络（TCP {port}），并把当前网络设为专用，或换一个网络。";

        NotRunning: "The rendezvous does not run.", "服务器没有运行。";
        RunsSince { time }: "runs since   {time}", "启动时间  {time}";
        Connected { devices, accounts }: "connected    devices: {devices}, accounts: {accounts}", "在线  {devices} 台设备，{accounts} 个账号";
        Relayed { running, opened, size, refused }: "relay        sessions now: {running}, since the start: {opened}, through them: {size}, refused joins: {refused}", "中转  当前会话 {running} 个，启动以来 {opened} 个，流量 {size}，拒绝加入 {refused} 次";

        DataInUse { path }: "The data folder {path} is in use by another rendezvous.", "数据文件夹 {path} 正被另一个服务器使用。";
        OpenToOthers { path }: "Others can access {path}: take that away (chmod 600), and replace it if it may have been read.", "其他用户可以访问 {path}：请先收回权限（chmod 600）；如果内容可能已泄露，请更换该文件。";
        KeyDamaged { path }: "The key file {path} is damaged: restore it from a backup.", "密钥文件 {path} 已损坏，请从备份恢复。";
        KeyMissing { path }: "The key file {path} is missing beside a database in use: restore it from a backup, for with a new key no client would trust this rendezvous.", "数据库已在使用，但缺少密钥文件 {path}：请从备份恢复。换成新密钥后，所有客户端都会拒绝连接。";
        NoDataFolder: "This system names no folder for data: give one with --data.", "本系统没有默认的数据文件夹，请用 --data 指定。";
        NeverStarted { path }: "There is no rendezvous in {path} yet: run \"rendezvous serve\" first.", "{path} 里还没有服务器，请先运行 rendezvous serve。";
        ClockBehind { by }: "The clock is {by} before the last change: correct it, or start with --accept-clock.", "系统时钟比最后一次写入早 {by}：请校准时钟，或加上 --accept-clock 启动。";
        ClockAhead { by }: "The clock is {by} after the last change: if it is right, start with --accept-clock.", "系统时钟比最后一次写入晚 {by}：如果时钟正确，请加上 --accept-clock 启动。";
        Setting { path, line, fault }: "{path}:{line}: {fault}", "配置文件 {path} 第 {line} 行有误：{fault}";
        AddressInUse { address }: "Another program listens on {address}: choose another port.", "地址 {address} 已被其他程序占用，请换一个端口。";
        Address { address, fault }: "Cannot listen on {address}: {fault}", "无法监听 {address}：{fault}";
        Host { host }: "\"{host}\" is not a host and port.", "“{host}”不是“主机:端口”。";
        File { path, fault }: "Cannot use {path}: {fault}", "无法使用 {path}：{fault}";
        Database { path, fault }: "Cannot use the database {path}: {fault}", "无法使用数据库 {path}：{fault}";
        WriterGone: "A fault of the program or the disk ended the thread that writes: see the log, and start it again.", "程序或磁盘故障使写入线程终止：请查看日志并重新启动。";
        CutShort: "Stopped at once. What was not answered yet may not be stored.", "已立即停止；尚未答复的请求可能没有保存。";
        AuditBroken { row }: "The audit log was changed: row {row} is the first that is not as it was written.", "审计日志被改动过：第 {row} 条是第一条与原记录不符的。";
        NoAccount { login }: "There is no account \"{login}\".", "没有账号“{login}”。";
        NoDevice { login, device }: "\"{login}\" has no device that begins with {device} and still counts.", "“{login}”没有以 {device} 开头的有效设备。";
        SeveralDevices { login, device }: "\"{login}\" has more than one device that begins with {device}: give more of its id.", "“{login}”有多台以 {device} 开头的设备，请输入更长的编号。";
        NoGroup: "No group or class has this number.", "没有这个编号的群或班级。";
        NoAnnouncement: "The server made no announcement of this number, or it is long gone: see rendezvous announcements.", "没有这个编号的公告，或早已过期：见 rendezvous announcements。";
        NobodyToTell: "There is nobody to tell: no account yet, or all have read it.", "没有可通知的人：还没有账号，或所有人都已读过。";
        NotStored: "The rendezvous can store nothing now: look at its log, and try again.", "服务器暂时无法写入数据：请查看日志后重试。";
        OtherVersion: "The running rendezvous is of another version: restart it.", "正在运行的服务器版本不同，请重新启动它。";
        Refused { fault }: "The rendezvous refused: {fault}", "服务器拒绝了请求：{fault}";
        System { fault }: "The system refused: {fault}", "系统拒绝了操作：{fault}";
    }
}
