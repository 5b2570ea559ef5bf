//! What makes a world evil: a rendezvous that says something else than the truth, and peers made of nothing but keys.
//!
//! The real service still runs below a lie; only its words are changed on their way. A rogue is a computer without our
//! program: it speaks frames itself. A [`trial::Trial`] collects who noticed what, and its rows become the table.

pub mod forged;
pub mod rogue;
pub mod trial;

use super::pipe::PipeId;
use hutong_common::direct::Direct;
use hutong_common::rpc::accounts::Welcome;
use hutong_common::rpc::friends::Contact;
use hutong_common::rpc::{Reply, ServerFrame};
use hutong_engine::core::io::LinkId;
use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;

/// What is said instead of a frame: usually one frame, or none.
pub type Lie = Box<dyn FnMut(ServerFrame) -> Vec<ServerFrame>>;

/// The lies of the rendezvous, per client whom it tells them.
#[derive(Default)]
pub struct Lies(BTreeMap<usize, Lie>);

impl fmt::Debug for Lies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Lies {
    /// From now on, this client is told that.
    pub fn tell(&mut self, who: usize, lie: Lie) {
        self.0.insert(who, lie);
    }

    /// From now on, everybody is told the truth.
    pub fn end(&mut self) {
        self.0.clear();
    }

    /// What this client is told.
    pub fn said(&mut self, who: usize, frame: ServerFrame) -> Vec<ServerFrame> {
        match self.0.get_mut(&who) {
            Some(lie) => lie(frame),
            None => vec![frame],
        }
    }
}

/// A frame as it arrived.
#[derive(Clone, Debug)]
pub enum Recorded {
    /// On a link between two clients.
    Direct {
        /// Number of the sending computer.
        from: usize,
        /// Number of the receiving computer.
        to: usize,
        /// As it lay on the wire.
        frame: Vec<u8>,
    },
    /// From the rendezvous.
    Said {
        /// Number of the receiving computer.
        to: usize,
        /// As it lay on the wire.
        frame: Vec<u8>,
    },
}

/// What is overheard.
#[derive(Debug, Default)]
pub struct Ears {
    /// What rogues were told, per link.
    pub rogues: BTreeMap<PipeId, Vec<Direct>>,
    /// Whom each of those links leads to, and what he calls it.
    pub victims: BTreeMap<PipeId, (usize, LinkId)>,
    /// Where clients dialled.
    pub dials: Vec<SocketAddr>,
    /// Everything that arrived at clients, while it is recorded.
    pub tape: Option<Vec<Recorded>>,
}

/// Changes every contact that a reply tells of.
pub fn change_contacts(frame: &mut ServerFrame, mut change: impl FnMut(&mut Contact)) {
    let ServerFrame::Reply {
        result: Ok(reply), ..
    } = frame
    else {
        return;
    };
    if let Reply::Contact(contact) = reply {
        change(contact);
    } else if let Reply::Contacts(page) = reply {
        let mut contacts = std::mem::take(&mut page.contacts).into_vec();
        contacts.iter_mut().for_each(change);
        page.contacts = hutong_common::bounded::List::truncated(contacts);
    }
}

/// Changes the welcome that a reply is.
pub fn change_welcome(frame: &mut ServerFrame, change: impl FnOnce(&mut Welcome)) {
    if let ServerFrame::Reply {
        result: Ok(Reply::Welcome(welcome)),
        ..
    } = frame
    {
        change(welcome);
    }
}
