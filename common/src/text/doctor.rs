//! What the check of the network says: each verdict in words, what to do, and the names of its facts.

use super::{Lang, texts};
use crate::verdict::Verdict;

texts! {
    /// Sentences of the check.
    pub enum DoctorText {
        SaysCaptivePortal: "You are not signed in to this network yet: its own page answers in place of the rendezvous.", "尚未登录校园网：应答的是网络的登录页面，不是服务器。";
        DoCaptivePortal: "Open any web page in a browser and sign in to the network there. Hutong then connects by itself.", "请用浏览器随便打开一个网页，登录校园网，之后会自动连接。";
        SaysVpnPreferred: "The way to the rendezvous leads through a VPN or a virtual network adapter, although this computer has a real one.", "到服务器的线路经过 VPN 或虚拟网卡，而本机有真实的网卡。";
        DoVpnPreferred: "Switch the VPN off, or let it leave the local network alone (\"split tunnel\"), then check again.", "请关闭 VPN，或在其中设置不接管局域网，然后重新检查。";
        SaysNodeBehindIsolation: "The computer of the rendezvous is on this network and cannot be reached, although others here are heard.", "服务器所在的电脑就在本网络中，却无法连通，而网络中的其他电脑是看得到的。";
        DoNodeBehindIsolation: "See that it is switched on and still on this network. If it is, the network keeps devices apart: connect it by cable, or have client isolation (AP isolation) switched off.", "请确认那台电脑已开机并仍在本网络中。如果是，说明网络把设备互相隔离：请用网线连接服务器，或请管理员关闭客户端隔离（AP 隔离）。";
        SaysNoServer: "No rendezvous is known here, and none is seen on this network.", "本机还不知道服务器，本网络中也没有发现。";
        DoNoServer: "Ask the teacher for the invite link, or for the address of the rendezvous.", "请向老师索要邀请链接或服务器地址。";
        SaysServerUnreachable: "The rendezvous does not answer.", "服务器没有应答。";
        DoServerUnreachable: "See that its computer is on and connected, that its firewall lets Hutong in (TCP 7440), and that you are on the same network. People nearby are reached without it meanwhile.", "请确认服务器所在的电脑已开机并联网，防火墙允许胡同（TCP 7440），并且您在同一网络中。在此期间仍可与附近的人联系。";
        SaysSameIdentityTwice: "Another computer signs in with this computer's key: its disk is a copy of this one, or the other way round.", "另一台电脑正在使用本机的密钥登录：两台电脑的磁盘是复制出来的。";
        DoSameIdentityTwice: "On one of the two, sign out and sign in again. Copies of a disk should be made before anybody signs in.", "请在其中一台上退出登录，再重新登录。复制磁盘应在任何人登录之前进行。";
        SaysPeerOffline { who }: "{who} is not online.", "{who} 不在线。";
        DoPeerOffline: "Just write: the message waits at the rendezvous until they are back.", "直接发送即可，消息会存在服务器，等对方上线后送达。";
        SaysUdpOff: "Direct connections are switched off in this program (--udp off).", "本程序关闭了直连（--udp off）。";
        DoUdpOff: "Start it without that option. Everything goes through the rendezvous meanwhile.", "请去掉该选项后重新启动。在此期间一切都经由服务器。";
        SaysUdpBlocked: "This network, or a firewall on this computer, drops UDP: there are no direct connections.", "本网络或本机防火墙拦截 UDP，无法直连。";
        DoUdpBlocked: "Everything goes through the rendezvous meanwhile. For full speed allow Hutong in this computer's firewall, or ask whoever runs the network to let UDP pass.", "在此期间一切都经由服务器。若要全速传输，请在本机防火墙中允许胡同，或请网络管理员放行 UDP。";
        SaysUdpBlockedThere { who }: "UDP does not reach {who}'s computer: it is dropped there, or switched off.", "{who} 的电脑收不到 UDP：被那边拦截，或被关闭。";
        DoUdpBlockedThere { who }: "Everything goes through the rendezvous meanwhile. {who} can run the same check there.", "在此期间一切都经由服务器。可以请 {who} 在那边也检查一次。";
        SaysClientIsolation { who }: "Both computers reach the rendezvous, but not each other: the network keeps you and {who} apart (client isolation), or both firewalls do.", "两台电脑都能连通服务器，却不能互通：网络把您和 {who} 隔离开（客户端隔离），或双方的防火墙都在拦截。";
        DoClientIsolation: "Everything goes through the rendezvous meanwhile. To connect directly, use a cable, another Wi-Fi or a hotspot, or have client isolation (AP isolation) switched off.", "在此期间一切都经由服务器。若要直连，请改用网线、其他 Wi-Fi 或热点，或请管理员关闭客户端隔离（AP 隔离）。";
        SaysInboundFirewallHere { who }: "This computer's firewall drops what {who} sends to it unasked.", "本机防火墙拦截了 {who} 主动发来的数据。";
        DoInboundFirewallHere: "Allow Hutong in this computer's firewall, for this kind of network (on Windows: private and public). Everything still arrives meanwhile.", "请在本机防火墙中允许胡同（Windows：专用和公用网络都勾选）。在此期间消息仍会送达。";
        SaysInboundFirewallThere { who }: "The firewall of {who}'s computer drops what comes unasked.", "{who} 的电脑上的防火墙拦截了主动发去的数据。";
        DoInboundFirewallThere { who }: "Ask {who} to allow Hutong in the firewall there. Everything still arrives meanwhile.", "请 {who} 在那边的防火墙中允许胡同。在此期间消息仍会送达。";
        SaysUdpThrottled: "This network lets a few UDP packets pass and drops most of many: direct connections are slow.", "本网络限制 UDP：少量通过，一多就被丢弃，直连会很慢。";
        DoUdpThrottled: "Large files are faster by cable or on another network.", "传大文件请改用网线或其他网络。";
        SaysMulticastFiltered: "Nobody is heard by multicast (mDNS), although others are on this network: it filters multicast.", "本网络中有其他电脑，却收不到任何组播（mDNS）：网络过滤了组播。";
        DoMulticastFiltered: "All works while the rendezvous does. New people need its invite link or address, since it is not found by itself.", "只要服务器在运行，一切正常。新用户需要邀请链接或服务器地址，因为无法自动发现。";
        SaysClockOff: "This computer's clock is more than five minutes wrong.", "本机时间相差超过五分钟。";
        DoClockOff: "Set it, or let the system set it by itself. Hutong goes by the time of the rendezvous meanwhile.", "请校准时间，或让系统自动对时。在此期间以服务器时间为准。";
        SaysAllWell: "All is well with the network.", "网络一切正常。";
        DoAllWell: "There is nothing to do.", "无需处理。";

        AlsoFound: "Found besides:", "此外还发现：";
        FactInterface: "Adapter", "网卡";
        FactServer: "Rendezvous", "服务器";
        FactServerAnswer: "Its answer (TCP)", "应答（TCP）";
        FactClock: "Clock", "时间";
        FactUdp: "UDP", "UDP 端口";
        FactUdpServer: "UDP to the rendezvous", "到服务器的 UDP";
        FactMulticast: "Multicast (mDNS)", "组播（mDNS）";
        FactPeer: "Contact", "联系人";
        FactPeerUdp: "UDP between you", "双方之间的 UDP";

        KindReal: "real", "真实网卡";
        KindVpn: "VPN", "VPN 网卡";
        KindVirtual: "virtual", "虚拟网卡";
        KindLoopback: "loopback", "本机回环";
        ToServer { interface }: "{interface}, leads to the rendezvous", "{interface}，通往服务器";
        ServerOnline { address, ms }: "connected to {address}, {ms} ms", "已连接 {address}，{ms} 毫秒";
        ServerAway { address }: "not connected: {address}", "未连接：{address}";
        ServerUnknown: "none is known", "未知";
        AnswerRight: "answers with the right key", "应答正确，密钥相符";
        AnswerWrongKey: "answers with another key than the trusted one", "应答的密钥与信任的不同";
        AnswerWebPage: "a web page answers", "应答的是网页";
        AnswerNotTls: "something answers that is no rendezvous", "应答的不是服务器";
        AnswerClosed: "the connection is closed at once", "连接立即被关闭";
        AnswerRefused: "the port is closed", "端口没有开放";
        AnswerNoRoute: "no such computer is found on the network", "网络中找不到那台电脑";
        AnswerTimedOut: "no answer in time", "没有按时应答";
        AnswerNoName: "the name is not known", "域名无法解析";
        ClockRight: "right", "正确";
        ClockBy { seconds }: "{seconds} s off the time of the rendezvous", "与服务器时间相差 {seconds} 秒";
        UdpPort { port }: "on, port {port}", "已开启，端口 {port}";
        UdpIsOff: "off", "已关闭";
        UdpEchoes { small, sent, large, burst }: "{small} of {sent} small packets come back, {large} of {burst} in a burst", "小包往返 {small}/{sent}，突发大包往返 {large}/{burst}";
        UdpNotAsked: "the rendezvous does not answer such packets", "服务器不支持该检查";
        MulticastIsOff: "off", "已关闭";
        MulticastHeard { clients, servers }: "{clients} clients and {servers} rendezvous heard", "收到 {clients} 个客户端、{servers} 个服务器的通告";
        PeerOnline { who, path }: "{who}, online: {path}", "{who}，在线：{path}";
        PeerAway { who }: "{who}, not online", "{who}，不在线";
        PeerPackets { here, there, sent }: "{here} of {sent} packets arrive here, {there} of {sent} there", "本机收到 {here}/{sent}，对方收到 {there}/{sent}";
        PeerPacketsHere { here, sent }: "{here} of {sent} packets arrive here; the other side did not report", "本机收到 {here}/{sent}，对方没有报告";
        Checking: "Checking the network; this takes up to ten seconds.", "正在检查网络，最多需要十秒。";
    }
}

impl Verdict {
    /// The verdict in words; `who` is the person asked about, where it is about one.
    pub fn words(self, who: &str, lang: Lang) -> String {
        let who: &dyn std::fmt::Display = &who;
        match self {
            Self::CaptivePortal => DoctorText::SaysCaptivePortal,
            Self::VpnPreferred => DoctorText::SaysVpnPreferred,
            Self::NodeBehindIsolation => DoctorText::SaysNodeBehindIsolation,
            Self::NoServer => DoctorText::SaysNoServer,
            Self::ServerUnreachable => DoctorText::SaysServerUnreachable,
            Self::SameIdentityTwice => DoctorText::SaysSameIdentityTwice,
            Self::PeerOffline => DoctorText::SaysPeerOffline { who },
            Self::UdpOff => DoctorText::SaysUdpOff,
            Self::UdpBlocked => DoctorText::SaysUdpBlocked,
            Self::UdpBlockedThere => DoctorText::SaysUdpBlockedThere { who },
            Self::ClientIsolation => DoctorText::SaysClientIsolation { who },
            Self::InboundFirewallHere => DoctorText::SaysInboundFirewallHere { who },
            Self::InboundFirewallThere => DoctorText::SaysInboundFirewallThere { who },
            Self::UdpThrottled => DoctorText::SaysUdpThrottled,
            Self::MulticastFiltered => DoctorText::SaysMulticastFiltered,
            Self::ClockOff => DoctorText::SaysClockOff,
            Self::AllWell => DoctorText::SaysAllWell,
        }
        .say(lang)
    }

    /// What to do about it.
    pub fn advice(self, who: &str, lang: Lang) -> String {
        let who: &dyn std::fmt::Display = &who;
        match self {
            Self::CaptivePortal => DoctorText::DoCaptivePortal,
            Self::VpnPreferred => DoctorText::DoVpnPreferred,
            Self::NodeBehindIsolation => DoctorText::DoNodeBehindIsolation,
            Self::NoServer => DoctorText::DoNoServer,
            Self::ServerUnreachable => DoctorText::DoServerUnreachable,
            Self::SameIdentityTwice => DoctorText::DoSameIdentityTwice,
            Self::PeerOffline => DoctorText::DoPeerOffline,
            Self::UdpOff => DoctorText::DoUdpOff,
            Self::UdpBlocked => DoctorText::DoUdpBlocked,
            Self::UdpBlockedThere => DoctorText::DoUdpBlockedThere { who },
            Self::ClientIsolation => DoctorText::DoClientIsolation,
            Self::InboundFirewallHere => DoctorText::DoInboundFirewallHere,
            Self::InboundFirewallThere => DoctorText::DoInboundFirewallThere { who },
            Self::UdpThrottled => DoctorText::DoUdpThrottled,
            Self::MulticastFiltered => DoctorText::DoMulticastFiltered,
            Self::ClockOff => DoctorText::DoClockOff,
            Self::AllWell => DoctorText::DoAllWell,
        }
        .say(lang)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verdict_says_what_is_and_what_to_do_in_words_of_its_own() {
        for lang in [Lang::En, Lang::Zh] {
            let mut said = std::collections::BTreeSet::new();
            for verdict in Verdict::ALL {
                assert!(said.insert(verdict.words("bob", lang)), "{verdict:?}");
                assert!(said.insert(verdict.advice("bob", lang)), "{verdict:?}");
            }
        }
    }
}
