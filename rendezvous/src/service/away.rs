//! Who is there and yet away: an account whose connected devices all say so. Told to contacts, never stored.

use super::presence::to_acquaintances;
use super::{Addressed, Answer, Caller, Context, Outcome, Service};
use crate::sessions::SessionChange;
use crate::store::{StoreError, Tx};
use hutong_common::id::{AccountId, DeviceId};
use hutong_common::push::{Away, Push};
use std::collections::BTreeMap;

/// Whether an account with these devices is away; one without devices is not there at all.
fn is_away(devices: &BTreeMap<DeviceId, bool>) -> bool {
    !devices.is_empty() && devices.values().all(|away| *away)
}

impl Service {
    pub(super) fn is_away(&self, account: AccountId) -> bool {
        is_away(&self.presence.away(account))
    }

    pub(super) fn set_away(&self, caller: &mut Caller, away: bool, cx: &mut Context<'_>) -> Answer {
        let own = caller.signed_in()?;
        let before = self.presence.away(own.account);
        let mut after = before.clone();
        after.insert(own.device, away);
        let pushes = away_changed(own.account, (&before, &after), cx.tx)?;
        caller.away = away;
        Ok(Outcome {
            session: Some(SessionChange::Away {
                account: own.account,
                device: own.device,
                away,
            }),
            ..Outcome::done().pushing(pushes)
        })
    }

    /// A device came to an account that was there before: its person is back, until the device says otherwise.
    pub(super) fn away_after_welcome(
        &self,
        account: AccountId,
        device: DeviceId,
        tx: &Tx,
    ) -> Result<Vec<Addressed>, StoreError> {
        let before = self.presence.away(account);
        let mut after = before.clone();
        after.entry(device).or_default();
        away_changed(account, (&before, &after), tx)
    }

    /// A device went; its person may be away at all that remain.
    pub(super) fn away_after_farewell(
        &self,
        account: AccountId,
        was_away: bool,
        tx: &Tx,
    ) -> Result<Vec<Addressed>, StoreError> {
        if was_away || !self.is_away(account) {
            return Ok(Vec::new());
        }
        let push = Push::Away(Away {
            account,
            away: true,
        });
        to_acquaintances(account, &push, tx)
    }
}

fn away_changed(
    account: AccountId,
    (before, after): (&BTreeMap<DeviceId, bool>, &BTreeMap<DeviceId, bool>),
    tx: &Tx,
) -> Result<Vec<Addressed>, StoreError> {
    let away = is_away(after);
    if away == is_away(before) {
        return Ok(Vec::new());
    }
    to_acquaintances(account, &Push::Away(Away { account, away }), tx)
}

#[cfg(test)]
mod tests {
    use super::super::scene::{Client, Scene};
    use super::*;
    use hutong_common::refusal::Refusal;
    use hutong_common::rpc::friends::Detail;
    use hutong_common::rpc::{Reply, Request};
    use hutong_common::signed::DeviceKind;

    fn told(account: AccountId, away: bool) -> Vec<Push> {
        vec![Push::Away(Away { account, away })]
    }

    fn set(scene: &mut Scene, who: &mut Client, away: bool) {
        let done = scene.ask(who, Request::SetAway(away));
        assert_eq!(done, Ok(Reply::Done));
    }

    #[test]
    fn contacts_hear_that_somebody_is_away_and_strangers_do_not() {
        let (mut scene, mut lin, mut mei) = Scene::with_friends();
        let mut bo = scene.register("bo");
        for away in [true, true, false] {
            set(&mut scene, &mut lin, away);
        }
        let heard = [told(lin.account, true), told(lin.account, false)].concat();
        assert_eq!(mei.pushes(), heard);
        assert_eq!(bo.pushes(), []);
        set(&mut scene, &mut lin, true);
        let detail = Detail {
            account: lin.account,
            away: true,
            avatar: None,
        };
        for of in [None, Some(lin.account)] {
            let Ok(Reply::Details(details)) = scene.ask(&mut mei, Request::Details(of)) else {
                panic!("not the reply to this request");
            };
            assert_eq!(*details, [detail]);
        }
        let asked = scene.ask(&mut bo, Request::Details(Some(lin.account)));
        assert_eq!(asked, Err(Refusal::NotFound));
    }

    #[test]
    fn an_account_is_away_only_when_all_its_connected_devices_are() {
        let (mut scene, mut lin, mei) = Scene::with_friends();
        let mut second = scene.sign_in("lin", DeviceKind::Own).unwrap();
        mei.pushes();
        set(&mut scene, &mut lin, true);
        assert_eq!(mei.pushes(), []);
        set(&mut scene, &mut second, true);
        assert_eq!(mei.pushes(), told(lin.account, true));
        set(&mut scene, &mut second, false);
        assert_eq!(mei.pushes(), told(lin.account, false));
        scene.disconnect(&second);
        assert_eq!(mei.pushes(), told(lin.account, true));
        scene.resume(&mut second).unwrap();
        assert_eq!(mei.pushes(), told(lin.account, false));
    }

    #[test]
    fn whoever_is_away_stays_so_when_a_new_connection_takes_over() {
        let (mut scene, mut lin, mei) = Scene::with_friends();
        set(&mut scene, &mut lin, true);
        mei.pushes();
        let mut again = scene.twin(&lin);
        scene.resume(&mut again).unwrap();
        scene.disconnect(&lin);
        assert!(scene.service.is_away(lin.account));
        assert_eq!(mei.pushes(), []);
    }
}
