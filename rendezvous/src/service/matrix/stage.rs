//! Caller and target of one cell: two people of a scene, and what is between them.

use super::super::scene::{Client, PASSWORD, Scene};
use hutong_common::id::AccountId;
use hutong_common::name::Login;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::presence::Candidates;
use hutong_common::rpc::{Reply, Request};
use hutong_common::signed::DeviceKind;

/// What a caller is to the target, and how the connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// The target itself.
    Own,
    /// A friend.
    Contact,
    /// Nothing to them.
    Stranger,
    /// A friend whom they have blocked.
    Blocked,
    /// A friend who has blocked them.
    Blocks,
    /// No friend any more.
    Former,
    /// A friend at a shared seat.
    Seat,
    /// A friend at a seat whose time is over.
    ExpiredSeat,
    /// A friend's device that has signed out.
    RevokedDevice,
    /// A friend on whose connection a stranger's password was proved.
    OtherProof,
    /// Nobody has signed in.
    Nobody,
}

/// The columns.
pub(super) const WHO: [Who; 11] = [
    Who::Own,
    Who::Contact,
    Who::Stranger,
    Who::Blocked,
    Who::Blocks,
    Who::Former,
    Who::Seat,
    Who::ExpiredSeat,
    Who::RevokedDevice,
    Who::OtherProof,
    Who::Nobody,
];

impl Who {
    pub(super) const fn head(self) -> &'static str {
        match self {
            Self::Own => "themselves",
            Self::Contact => "a contact",
            Self::Stranger => "a stranger",
            Self::Blocked => "one whom they block",
            Self::Blocks => "one who blocks them",
            Self::Former => "a former contact",
            Self::Seat => "a contact at a seat",
            Self::ExpiredSeat => "a contact at a seat whose time is over",
            Self::RevokedDevice => "a contact's device that signed out",
            Self::OtherProof => "a contact, with another's password",
            Self::Nobody => "nobody signed in",
        }
    }
}

/// A caller and a target.
pub(super) struct Stage {
    pub(super) scene: Scene,
    pub(super) target: Client,
    /// None when the target calls.
    caller: Option<Client>,
}

impl Stage {
    pub(super) fn of(who: Who) -> Self {
        let mut scene = Scene::new();
        let (mut lin, mut mei) = (scene.register("lin"), scene.register("mei"));
        if !matches!(who, Who::Own | Who::Stranger) {
            scene.befriend(&mut lin, &mut mei);
        }
        let caller = match who {
            Who::Own => None,
            Who::Contact | Who::Stranger => Some(lin),
            Who::Blocked => {
                scene.ask(&mut mei, Request::Block(lin.account)).unwrap();
                Some(lin)
            }
            Who::Blocks => {
                scene.ask(&mut lin, Request::Block(mei.account)).unwrap();
                Some(lin)
            }
            Who::Former => {
                let remove = Request::RemoveFriend(lin.account);
                scene.ask(&mut mei, remove).unwrap();
                Some(lin)
            }
            Who::Seat => {
                let mut seat = scene.sign_in("lin", DeviceKind::Seat).unwrap();
                scene.resume(&mut seat).unwrap();
                Some(seat)
            }
            Who::ExpiredSeat => {
                let seat = scene.sign_in("lin", DeviceKind::Seat).unwrap();
                scene.days_pass(1);
                Some(seat)
            }
            Who::RevokedDevice => {
                scene.ask(&mut lin, Request::SignOut).unwrap();
                scene.reconnect(&mut lin);
                Some(lin)
            }
            Who::OtherProof => Some(with_another_proof(&mut scene, &lin)),
            Who::Nobody => Some(scene.stranger("nobody")),
        };
        let mut stage = Self {
            scene,
            target: mei,
            caller,
        };
        stage.target_is_reachable();
        stage
    }

    /// The target has said where it can be dialled.
    fn target_is_reachable(&mut self) {
        let here = vec!["127.0.0.1:7442".parse().unwrap()];
        let report = Request::ReportCandidates(Candidates::new(here).unwrap());
        self.scene.ask(&mut self.target, report).unwrap();
    }

    /// The request is about somebody who does not exist.
    pub(super) fn target_vanishes(&mut self) {
        self.target.account = AccountId(77_777);
        self.target.login = Login::new("vanished").unwrap();
    }

    /// Whoever calls.
    pub(super) const fn caller(&mut self) -> (&mut Scene, &mut Client) {
        match &mut self.caller {
            Some(caller) => (&mut self.scene, caller),
            None => (&mut self.scene, &mut self.target),
        }
    }

    pub(super) fn asks(&mut self, request: Request) -> Result<Reply, Refusal> {
        let (scene, caller) = self.caller();
        scene.ask(caller, request)
    }
}

/// A device of Lin on whose connection somebody else's password was proved before it resumed.
fn with_another_proof(scene: &mut Scene, lin: &Client) -> Client {
    scene.register("thief");
    let mut laptop = scene.twin(lin);
    laptop.login = Login::new("thief").unwrap();
    scene.prove_password(&mut laptop, PASSWORD).unwrap();
    laptop.login = lin.login.clone();
    laptop.account = lin.account;
    scene.ask(&mut laptop, Request::Resume { n: 1 }).unwrap();
    laptop
}
