//! Pictures of people, which the rendezvous keeps without looking at them, and what else contacts may know of each other.

use super::friends::acquaintances_of;
use super::limiter::{Charge, Limit, Rate, Subject};
use super::people::Standing;
use super::{Answer, Context, Outcome, Service, SignedIn, Stop};
use crate::sessions::Recipient;
use crate::store::{StoreError, Tx};
use hutong_common::bounded::Bytes;
use hutong_common::id::AccountId;
use hutong_common::limits::{AVATARS_AN_HOUR_MAX, HOUR_MS};
use hutong_common::push::{ContactChanged, Push};
use hutong_common::refusal::Refusal;
use hutong_common::rpc::Reply;
use hutong_common::rpc::accounts::AvatarBytes;
use hutong_common::rpc::friends::{Detail, Details};

impl Service {
    pub(super) fn details(
        &self,
        own: SignedIn,
        of: Option<AccountId>,
        cx: &mut Context<'_>,
    ) -> Answer {
        let accounts = match of {
            Some(account) => vec![visible(own, account, cx.tx)?],
            None => {
                let mut all = acquaintances_of(own.account, cx.tx)?;
                all.insert(own.account);
                all.into_iter().collect()
            }
        };
        let mut details = Vec::new();
        for account in accounts {
            let detail = self.detail(account, cx.tx)?;
            if of.is_some() || detail.away || detail.avatar.is_some() {
                details.push(detail);
            }
        }
        Ok(Outcome::of(Reply::Details(Details::truncated(details))))
    }

    fn detail(&self, account: AccountId, tx: &Tx) -> Result<Detail, StoreError> {
        Ok(Detail {
            account,
            away: self.is_away(account),
            avatar: tx.avatar_hash(account)?,
        })
    }

    pub(super) fn set_avatar(
        &self,
        own: SignedIn,
        avatar: AvatarBytes,
        cx: &mut Context<'_>,
    ) -> Answer {
        if !avatar.is_empty() {
            self.takes_new_data()?;
        }
        if !self.is_lab() {
            let change = Charge {
                limit: Limit::Avatars,
                subject: Subject::Account(own.account.0),
                rate: Rate::per(AVATARS_AN_HOUR_MAX, HOUR_MS),
            };
            self.charge(&[change], cx.now_ms)?;
        }

        cx.tx.set_avatar(own.account, avatar.into_vec())?;
        let mut pushes = self.contact_changed(own.account, cx.tx)?;
        let account = own.account;
        pushes.push((
            Recipient::OtherDevices(account, own.device),
            Push::ContactChanged(ContactChanged { account }),
        ));
        Ok(Outcome::done().pushing(pushes))
    }

    pub(super) fn avatar(&self, own: SignedIn, account: AccountId, cx: &mut Context<'_>) -> Answer {
        let account = visible(own, account, cx.tx)?;
        let avatar = cx.tx.avatar(account)?.ok_or(Refusal::NotFound)?;
        let avatar = Bytes::new(avatar).map_err(|_| Refusal::TooLarge)?;
        Ok(Outcome::of(Reply::Avatar(avatar)))
    }
}

/// An account of which the asker may know more than its name: somebody he meets, or himself.
fn visible(own: SignedIn, account: AccountId, tx: &Tx) -> Result<AccountId, Stop> {
    let standing = Standing::of(tx, own.account, account)?;
    if account == own.account || standing.is_known() {
        Ok(account)
    } else {
        Err(Refusal::NotFound.into())
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::{Client, Scene};
    use super::*;
    use hutong_common::limits::AVATAR_BYTES_MAX;
    use hutong_common::rpc::Request;
    use hutong_common::signed::DeviceKind;

    fn picture(byte: u8) -> AvatarBytes {
        Bytes::new(vec![byte; AVATAR_BYTES_MAX]).unwrap()
    }

    fn set(scene: &mut Scene, who: &mut Client, avatar: AvatarBytes) -> Result<Reply, Refusal> {
        scene.ask(who, Request::SetAvatar(avatar))
    }

    fn hash(scene: &mut Scene, who: &mut Client, of: AccountId) -> Option<[u8; 32]> {
        let Ok(Reply::Details(details)) = scene.ask(who, Request::Details(None)) else {
            panic!("not the reply to this request");
        };
        let detail = details.iter().find(|detail| detail.account == of);
        detail.and_then(|detail| detail.avatar)
    }

    #[test]
    fn contacts_and_own_devices_hear_of_a_picture_and_get_it() {
        let (mut scene, mut lin, mut mei) = Scene::with_friends();
        let mut laptop = scene.sign_in("lin", DeviceKind::Own).unwrap();
        mei.pushes();
        let account = lin.account;
        assert_eq!(set(&mut scene, &mut lin, picture(1)), Ok(Reply::Done));
        let changed = vec![Push::ContactChanged(ContactChanged { account })];
        assert_eq!((mei.pushes(), laptop.pushes()), (changed.clone(), changed));
        let expected = *blake3::hash(&picture(1)).as_bytes();
        for who in [&mut mei, &mut laptop, &mut lin] {
            assert_eq!(hash(&mut scene, who, account), Some(expected));
            let got = scene.ask(who, Request::Avatar(account));
            assert_eq!(got, Ok(Reply::Avatar(picture(1))));
        }
        set(&mut scene, &mut lin, AvatarBytes::default()).unwrap();
        assert_eq!(hash(&mut scene, &mut mei, account), None);
        let gone = scene.ask(&mut mei, Request::Avatar(account));
        assert_eq!(gone, Err(Refusal::NotFound));
    }

    #[test]
    fn whoever_blocks_or_is_blocked_or_is_a_stranger_gets_no_picture() {
        let (mut scene, mut lin, mut mei) = Scene::with_friends();
        let mut bo = scene.register("bo");
        for who in [&mut lin, &mut mei] {
            set(&mut scene, who, picture(2)).unwrap();
        }
        let ask = |scene: &mut Scene, who: &mut Client, of: AccountId| {
            let picture = scene.ask(who, Request::Avatar(of)).map(drop);
            assert_eq!(
                scene.ask(who, Request::Details(Some(of))).map(drop),
                picture
            );
            picture
        };
        assert_eq!(
            ask(&mut scene, &mut bo, lin.account),
            Err(Refusal::NotFound)
        );
        scene.ask(&mut lin, Request::Block(mei.account)).unwrap();
        let (lin_is, mei_is) = (lin.account, mei.account);
        assert_eq!(ask(&mut scene, &mut lin, mei_is), Err(Refusal::NotFound));
        assert_eq!(ask(&mut scene, &mut mei, lin_is), Err(Refusal::NotFound));
        assert_eq!(hash(&mut scene, &mut mei, lin_is), None);
        scene.ask(&mut lin, Request::Unblock(mei_is)).unwrap();
        assert_eq!(ask(&mut scene, &mut lin, mei_is), Ok(()));
    }

    #[test]
    fn a_picture_is_not_changed_all_the_time() {
        let mut scene = Scene::new();
        let mut lin = scene.register("lin");
        for _ in 0..AVATARS_AN_HOUR_MAX {
            set(&mut scene, &mut lin, picture(3)).unwrap();
        }
        let more = set(&mut scene, &mut lin, picture(3));
        assert!(matches!(more, Err(Refusal::TooFast { .. })));
    }
}
