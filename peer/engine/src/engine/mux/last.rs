//! The last few packets of each link. When a link's packets begin to go another way, the last ones go that way, too.
//!
//! What was sent into a way that had ceased to lead anywhere is lost, and QUIC waits the longer before it tries again, the longer
//! nothing was heard: as long as the silence lasted, once more. A packet that is repeated on the new way is acknowledged at once,
//! and everything before it is known to be lost. To QUIC a packet that comes twice is one.

use crate::paths::Outlook;
use crate::paths::table::{Table, Virtual};
use quinn::udp::Transmit;
use std::collections::{BTreeMap, VecDeque};

/// Only some of the last packets ask for an acknowledgement.
const PACKETS: usize = 4;

#[derive(Debug)]
struct Last {
    /// Which way the last one went.
    outlook: Outlook,
    packets: VecDeque<Vec<u8>>,
}

/// Those of all links.
#[derive(Debug, Default)]
pub(super) struct LastPackets(BTreeMap<Virtual, Last>);

impl LastPackets {
    /// A packet of a link goes this way.
    pub(super) fn note(&mut self, name: Virtual, outlook: Outlook, packet: &Transmit<'_>) {
        let last = self.0.entry(name).or_insert_with(|| Last {
            outlook,
            packets: VecDeque::with_capacity(PACKETS),
        });
        last.outlook = outlook;
        let stride = packet.segment_size.unwrap_or(packet.contents.len()).max(1);
        let Some(segment) = packet.contents.chunks(stride).next_back() else {
            return;
        };
        let mut kept = if last.packets.len() < PACKETS {
            Vec::with_capacity(stride)
        } else {
            last.packets.pop_front().unwrap_or_default()
        };
        kept.clear();
        kept.extend_from_slice(segment);
        last.packets.push_back(kept);
    }

    /// What is to be sent again, and how; whose link is over is forgotten.
    pub(super) fn on_new_ways(&mut self, table: &Table) -> Vec<(Virtual, Vec<Vec<u8>>)> {
        let mut again = Vec::new();
        self.0.retain(|name, last| {
            let Some(now) = table.outlook(*name) else {
                return false;
            };
            if now.is_news_after(last.outlook) {
                again.push((*name, last.packets.iter().cloned().collect()));
            }
            last.outlook = now;
            true
        });
        again
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::io::LinkId;
    use crate::paths::PeerAddr;
    use crate::paths::link::ProbeKeys;
    use crate::paths::probe::{EXPORTED_BYTES, ProbeKey};
    use hutong_common::id::RelaySession;

    fn packet(contents: &[u8], segment_size: Option<usize>) -> Transmit<'_> {
        Transmit {
            destination: "[fd00::1]:1".parse().unwrap(),
            ecn: None,
            contents,
            segment_size,
            src_ip: None,
        }
    }

    /// A direct way was closed for two seconds until there was a relay, and nothing came over the relay for one more second:
    /// QUIC's next try was due only then.
    #[test]
    fn what_was_sent_last_is_sent_again_once_there_is_another_way() {
        let (mut table, mut last) = (Table::new([0; 32]), LastPackets::default());
        let at = PeerAddr::Direct("10.0.0.2:7442".parse().unwrap());
        let (name, link) = (table.virtual_of(at, 0), LinkId::Dialled(1));
        let key = |byte| ProbeKey::new(&[byte; EXPORTED_BYTES]);
        let keys = ProbeKeys {
            ours: key(1),
            theirs: key(2),
        };
        table.add(link, name, keys, 0);
        let send = |table: &mut Table, last: &mut LastPackets, packet: &Transmit<'_>, now_us| {
            table.send(name, now_us);
            last.note(name, table.outlook(name).unwrap(), packet);
        };
        for number in 0..PACKETS as u8 {
            send(&mut table, &mut last, &packet(&[number], None), 0);
        }
        send(&mut table, &mut last, &packet(&[7, 7, 8], Some(2)), 0);
        assert_eq!(last.on_new_ways(&table), []);
        for now_ms in 1..2_000 {
            send(&mut table, &mut last, &packet(&[9], None), now_ms * 1_000);
            table.tick(now_ms * 1_000, &mut Vec::new());
            assert_eq!(last.on_new_ways(&table), [], "nothing answers");
        }
        table.attach(link, RelaySession([1; 16]));
        let again = vec![vec![9]; PACKETS];
        assert_eq!(last.on_new_ways(&table), [(name, again)]);
        assert_eq!(last.on_new_ways(&table), [], "once");
        table.remove(link);
        assert_eq!(last.on_new_ways(&table), []);
        assert!(last.0.is_empty());
    }

    #[test]
    fn only_the_last_packet_of_those_that_left_together_is_kept() {
        let mut last = LastPackets::default();
        let mut table = Table::new([0; 32]);
        let name = table.virtual_of(PeerAddr::Relay(RelaySession([1; 16])), 0);
        let outlook = Outlook {
            route: crate::paths::Route::default(),
            is_good: false,
        };
        last.note(name, outlook, &packet(&[1, 1, 2, 2, 3], Some(2)));
        last.note(name, outlook, &packet(&[4, 4], None));
        let kept = last.0.get(&name).unwrap();
        assert_eq!(kept.packets, [vec![3], vec![4, 4]]);
    }
}
