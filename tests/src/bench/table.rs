//! How measurements look on a terminal, in the person's language. The only place that prints them.

use super::figures::{Figure, Goal, Measure, Measured, Unit, Who};
use super::options::Name;
use super::report::Report;
use crate::driver::is_interrupted;
use crate::tongue::{Tongue, columns};
use std::io::{IsTerminal, Write, stderr, stdout};
use std::path::Path;

/// The figures stand behind so many columns.
const TITLE_COLUMNS: usize = 50;
/// A figure takes up to so many.
const FIGURE_COLUMNS: usize = 16;
/// A ratio takes up to so many.
const RATIO_COLUMNS: usize = 9;

/// Prints, in Chinese where the locale is Chinese and in English elsewhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Table {
    tongue: Tongue,
    has_colour: bool,
}

impl Table {
    pub(super) fn new() -> Self {
        Self {
            tongue: Tongue::of_system(),
            has_colour: stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none(),
        }
    }

    /// Shown while it takes long; not part of what programs read.
    pub(super) fn begins(&self, name: Name, run: u32, runs: u32) {
        let what = self.tongue.pick("run", "第");
        let of = self.tongue.pick("of", "轮，共");
        let _ = writeln!(stderr(), "  {} · {what} {run} {of} {runs}", name.as_str());
    }

    /// What cannot be measured here, and why.
    pub(super) fn skipped(&self, name: Name, reason: &str) {
        let what = self.tongue.pick("left out", "略过");
        let _ = writeln!(stderr(), "  {} · {what}: {reason}", name.as_str());
    }

    pub(super) fn show(&self, report: &Report) {
        let pick = |english, chinese| self.tongue.pick(english, chinese);
        let settings = &report.settings;
        let title = format!(
            "{} · {} · {} {}",
            report.name,
            report.date,
            pick("median of", "中位数，轮数"),
            settings.runs
        );
        self.line(&format!("\n  {}", self.styled("1;36", &title)));
        let machine = &report.machine;
        let cpus = pick("CPUs", "核");
        self.line(&format!(
            "  {} {cpus} · {} · {:.0} MiB · {}",
            machine.cpus, machine.cpu, machine.memory_mib, machine.system
        ));
        self.line(&format!(
            "  {} {} MiB · {} {} · {} {}",
            pick("file of", "文件"),
            settings.file_bytes >> 20,
            pick("clients:", "客户端："),
            settings.clients,
            pick("messages:", "消息："),
            settings.messages
        ));
        for figure in &report.figures {
            self.figure(figure);
        }
        self.warnings(report);
    }

    /// What makes the figures doubtful.
    fn warnings(&self, report: &Report) {
        let quiet = &report.quiet;
        let percent = |share: f64| format!("{:.0} %", share * 100.0);
        let load = quiet
            .load_before
            .map_or("–".to_owned(), |load| format!("{load:.2}"));
        let said = format!(
            "{} {} · {} {load} · {} {}",
            self.tongue.pick("others used", "其他进程占用"),
            percent(quiet.others_share),
            self.tongue.pick("load before", "开始前负载"),
            self.tongue.pick("taken by the host", "被宿主机占用"),
            percent(quiet.stolen_share),
        );
        let busy = self.tongue.pick(
            "The machine was not quiet: trust the ratios more than the figures",
            "机器并不空闲：比值比数值更可信",
        );
        let calm = self.tongue.pick("The machine was quiet", "机器空闲");
        let (style, text) = if quiet.is_quiet {
            ("2", calm)
        } else {
            ("1;33", busy)
        };
        self.line(&format!("  {} ({said})", self.styled(style, text)));
        if !report.settings.is_optimised {
            let text = self.tongue.pick(
                "Built without optimisation: these figures measure nothing",
                "未经优化的构建：这些数值没有意义",
            );
            self.line(&format!("  {}", self.styled("1;33", text)));
        }
    }

    fn figure(&self, figure: &Figure) {
        let (mark, style) = match figure.reached {
            Some(true) => ("✓", "32"),
            Some(false) => ("✗", "1;31"),
            None => ("·", "2"),
        };
        let (english, chinese) = title(figure.measure);
        let title = self.tongue.pick(english, chinese);
        let goal = figure.goal.map(|goal| self.goal(goal, figure.unit));
        let goal = goal.map(|goal| format!("  {goal}")).unwrap_or_default();
        let gap = |text: &str| " ".repeat(TITLE_COLUMNS.saturating_sub(columns(text)).max(1));
        for (number, result) in figure.results.iter().enumerate() {
            let shown = right(&self.amount(result.median, figure.unit), FIGURE_COLUMNS);
            if number == 0 && result.who == Who::Hutong {
                let mark = self.styled(style, mark);
                let blank = " ".repeat(RATIO_COLUMNS);
                self.line(&format!(
                    "  {mark} {title}{}{shown}{blank}{goal}",
                    gap(title)
                ));
                continue;
            }
            let who = format!("  {}", self.who(result));
            let ratio = result.ours_to_this.map(|ratio| format!("× {ratio:.2}"));
            let ratio = right(&ratio.unwrap_or_else(|| "–".to_owned()), RATIO_COLUMNS);
            let line = format!("    {who}{}{shown}{ratio}", gap(&who));
            self.line(&self.styled("2", &line));
        }
    }

    fn goal(&self, goal: Goal, unit: Unit) -> String {
        match goal {
            Goal::AtLeast(least) => format!("≥ {}", self.amount(least, unit)),
            Goal::Below(bound) => format!("< {}", self.amount(bound, unit)),
            Goal::ShareOf(who, share) => {
                let (english, chinese) = named(who);
                format!("≥ × {share:.2} · {}", self.tongue.pick(english, chinese))
            }
            Goal::AtMostOf(who, share) => {
                let (english, chinese) = named(who);
                format!("≤ × {share:.2} · {}", self.tongue.pick(english, chinese))
            }
        }
    }

    fn who(&self, result: &Measured) -> &'static str {
        let (english, chinese) = named(result.who);
        self.tongue.pick(english, chinese)
    }

    fn amount(&self, amount: f64, unit: Unit) -> String {
        let digits = match amount.abs() {
            at if at >= 100.0 => 0,
            at if at >= 10.0 => 1,
            _ => 2,
        };
        format!("{amount:.digits$} {}", unit.sign())
    }

    pub(super) fn end(&self, folder: &Path) {
        let text = self.tongue.pick("All samples", "全部样本");
        self.line(&format!("\n  {text}: {}\n", folder.display()));
    }

    pub(super) fn failed(&self, error: &anyhow::Error) {
        let text = if is_interrupted() {
            self.tongue.pick(
                "Interrupted; nothing is left behind",
                "已中断，什么都没留下",
            )
        } else {
            self.tongue.pick("A measurement failed", "有一项测量失败了")
        };
        self.line(&format!("\n  {}\n\n{error:#}\n", self.styled("1;31", text)));
    }

    fn styled(&self, style: &str, text: &str) -> String {
        if self.has_colour {
            format!("\u{1b}[{style}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    fn line(&self, line: &str) {
        let mut out = stdout().lock();
        // Whoever reads this may have closed the pipe; the reports are written all the same.
        let _ = writeln!(out, "{line}").and_then(|()| out.flush());
    }
}

fn right(text: &str, width: usize) -> String {
    let gap = " ".repeat(width.saturating_sub(columns(text)));
    format!("{gap}{text}")
}

/// In English and in Chinese.
const fn named(who: Who) -> (&'static str, &'static str) {
    match who {
        Who::Hutong => ("Hutong", "胡同"),
        Who::BareQuic => ("bare QUIC stream, in memory", "裸 QUIC 流，内存到内存"),
        Who::BareQuicDefaults => (
            "bare QUIC, quinn's own settings, in memory",
            "裸 QUIC 流，quinn 默认设置，内存到内存",
        ),
        Who::BareQuicDisk => ("bare QUIC stream, on disk", "裸 QUIC 流，读写磁盘"),
        Who::TcpCopy => ("plain TCP copy, on disk", "普通 TCP 拷贝，读写磁盘"),
        Who::OneMember => ("one message to one member", "一条消息给一个人"),
        Who::BareTls => ("bare TLS handshake", "裸 TLS 握手"),
        Who::BareWindow => ("bare window of the toolkit", "工具包的空窗口"),
        Who::Des => ("the crate des", "des 库"),
        Who::Unwrapped => ("without the wrap", "不包 DES"),
        Who::Direct => ("computer to computer", "电脑直连"),
        Who::TcpRelay => ("plain TCP relay", "普通 TCP 中转"),
    }
}

/// In English and in Chinese.
const fn title(measure: Measure) -> (&'static str, &'static str) {
    match measure {
        Measure::RoundTripP50 => ("Message, there and back, p50", "消息往返 p50"),
        Measure::RoundTripP99 => ("Message, there and back, p99", "消息往返 p99"),
        Measure::AcceptedP50 => ("Message, in the own outbox, p50", "消息写入发件箱 p50"),
        Measure::Messages => ("Durable messages, 256 in flight", "持久消息，256 条并行"),
        Measure::CrowdedTripP50 => ("One of them there and back, p50", "其中一条往返 p50"),
        Measure::CrowdedTripP99 => ("One of them there and back, p99", "其中一条往返 p99"),
        Measure::FileSpeed => ("File, accepted until verified", "文件，从接受到校验完成"),
        Measure::SenderCpu => ("CPU of the sender", "发送方 CPU"),
        Measure::ReceiverCpu => ("CPU of the receiver", "接收方 CPU"),
        Measure::OfferSpeed => ("File, sent until offered", "文件，从发送到对方看见"),
        Measure::SenderMemory => ("Memory of the sender, largest", "发送方内存峰值"),
        Measure::ReceiverMemory => ("Memory of the receiver, largest", "接收方内存峰值"),
        Measure::ResumedSenderMemory => ("Memory, sender killed half way", "中途被杀的发送方"),
        Measure::ResumedReceiverMemory => ("Memory, receiver killed half way", "中途被杀的接收方"),
        Measure::GroupTripP50 => ("Message until a whole class has it, p50", "发给全班 p50"),
        Measure::GroupTripP99 => ("Message until a whole class has it, p99", "发给全班 p99"),
        Measure::GroupDeliveries => ("Durable deliveries to members", "持久送达成员"),
        Measure::GroupCpu => ("CPU of the rendezvous for each", "每次的驿站 CPU"),
        Measure::IdleMemory => ("Memory for 1 000 idle clients", "千个空闲客户端的内存"),
        Measure::Resumes => ("Clients that come back", "客户端重新上线"),
        Measure::ResumeCpu => ("CPU of the rendezvous for each", "每次的驿站 CPU"),
        Measure::SignIns => ("Clients that sign in anew", "客户端用密码登录"),
        Measure::SignInCpu => ("CPU of the rendezvous for each", "每次的驿站 CPU"),
        Measure::Stretching => ("The client stretches the password", "客户端派生密码"),
        Measure::FirstWindow => ("First window, new home", "首个窗口，全新目录"),
        Measure::FirstWindowAgain => ("First window, signed in", "首个窗口，已登录"),
        Measure::ChatsShown => ("Conversations painted", "会话列表画出"),
        Measure::WindowMemory => ("Memory then", "此时内存"),
        Measure::WindowIdle => ("CPU while nothing happens", "空闲时 CPU"),
        Measure::BurstShown => ("Burst of messages, painted", "消息洪峰，已画出"),
        Measure::BurstTime => ("Sent until all of them are painted", "从发送到全部画出"),
        Measure::BurstFrame => ("Longest frame meanwhile", "其间最长一帧"),
        Measure::BurstFrameAlone => ("The same, without waiting for a CPU", "不计等待 CPU"),
        Measure::BurstMemory => ("Memory with all of them shown", "全部显示后的内存"),
        Measure::WheelP50 => ("Wheel through all of it, p50", "滚轮翻阅 p50"),
        Measure::WheelP99 => ("Wheel through all of it, p99", "滚轮翻阅 p99"),
        Measure::WheelLongest => ("Wheel through all of it, longest", "滚轮翻阅，最长一帧"),
        Measure::WheelAlone => ("The same, without waiting for a CPU", "不计等待 CPU"),
        Measure::ListShown => ("List of 100 000 messages, painted", "十万条消息，画出"),
        Measure::ListWheelP50 => ("Wheel through that list, p50", "滚轮翻阅它 p50"),
        Measure::ListWheelP99 => ("Wheel through that list, p99", "滚轮翻阅它 p99"),
        Measure::ListWheelLongest => ("Wheel through that list, longest", "滚轮翻阅它，最长一帧"),
        Measure::ListWheelAlone => ("The same, without waiting for a CPU", "不计等待 CPU"),
        Measure::ListMemory => ("Memory of that list", "它的内存"),
        Measure::KeystreamPortable => ("DES keystream, no vectors", "DES 密钥流，不用向量"),
        Measure::KeystreamSse2 => ("DES keystream, SSE2", "DES 密钥流，SSE2"),
        Measure::KeystreamAvx2 => ("DES keystream, AVX2", "DES 密钥流，AVX2"),
        Measure::KeystreamAvx512 => ("DES keystream, AVX-512", "DES 密钥流，AVX-512"),
        Measure::RelaySpeed => ("Bytes through the relay", "经中转的字节"),
        Measure::RelayedFile => ("File by relay", "经中转的文件"),
        Measure::RelayedTripP50 => ("Message by relay, p50", "经中转的消息往返 p50"),
        Measure::ToRelay => ("Direct way closed, until bytes flow", "直连被堵到恢复"),
        Measure::BackToDirect => ("Gap on the way back to it", "恢复直连时的停顿"),
        Measure::AddressReplaced => ("Gap at a new address, by relay", "中转时换地址的停顿"),
        Measure::RelayCpu => ("CPU of the rendezvous for 1 GiB", "每 GiB 的驿站 CPU"),
    }
}
