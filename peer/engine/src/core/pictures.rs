//! Pictures of people: our own, made small before it is sent, and those of contacts, fetched one after the other and kept
//! in the home under the hash that the rendezvous tells.
//!
//! Pixels are touched by the shell alone, which says what came of it.

use super::asks::{Asked, Outcome, Setback};
use super::catch_up::Part;
use super::io::{CommandId, KeepPicture, Output, PictureInput, PictureOutput};
use super::{Context, Core};
use crate::api::command::{AvatarChoice, Profile, Register};
use crate::api::event::{ContactChange, WarningCode};
use crate::api::{Done, Failure};
use crate::pictures::file_name;
use crate::store::{StoreError, Tx};
use hutong_common::bounded::Bytes;
use hutong_common::id::AccountId;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::{Reply, Request};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What a picture is being made small for.
#[derive(Debug)]
enum Wish {
    /// The profile of this account.
    Profile(AccountId, Profile),
    Register(Box<Register>),
}

/// What follows when the rendezvous has our picture.
#[derive(Debug)]
pub(super) enum AfterAvatar {
    /// The rest of a profile.
    Profile(Profile),
    /// The answer of a registration.
    Registered(Done),
}

/// What is known of pictures.
#[derive(Debug, Default)]
pub(super) struct Pictures {
    /// Hashes of those that lie in the home.
    kept: BTreeMap<AccountId, [u8; 32]>,
    /// Hashes of those that are different at the rendezvous.
    wanted: BTreeMap<AccountId, [u8; 32]>,
    /// The one that is asked for, or being decoded.
    fetching: Option<(AccountId, [u8; 32])>,
    /// Whether everybody's were told since the sign-in.
    pub(super) are_told: bool,
    wishes: BTreeMap<CommandId, Wish>,
}

impl Pictures {
    pub(super) fn open(tx: &mut Tx) -> Result<Self, StoreError> {
        Ok(Self {
            kept: tx.avatars()?.into_iter().collect(),
            ..Self::default()
        })
    }

    /// The person is gone; commands that wait are still answered.
    pub(super) fn forget(&mut self) {
        self.kept.clear();
        self.wanted.clear();
        self.fetching = None;
    }
}

impl Core {
    /// Where somebody's picture lies in the home.
    pub(super) fn avatar_of(&self, account: AccountId) -> Option<PathBuf> {
        let hash = self.pictures.kept.get(&account)?;
        Some(self.avatar_path(account, hash))
    }

    fn avatar_path(&self, account: AccountId, hash: &[u8; 32]) -> PathBuf {
        let folder = self.config.home.join("avatars");
        folder.join(file_name(account, hash))
    }

    /// `profile`: the picture first, which may be none, so that a bad one changes nothing.
    pub(super) fn set_profile(
        &mut self,
        command: CommandId,
        mut asked: Profile,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let avatar = asked.avatar.take();
        match (self.changed_profile(&asked), self.session.my_account()) {
            (Ok(_), Some(me)) => match avatar {
                None => self.set_profile_fields(command, &asked, cx),
                Some(AvatarChoice::None) => {
                    self.send_avatar(command, (Vec::new(), AfterAvatar::Profile(asked)), cx)
                }
                Some(AvatarChoice::File(path)) => {
                    self.crop(command, path, Wish::Profile(me, asked), cx);
                    Ok(())
                }
            },
            (checked, _) => {
                let failure = checked.err().unwrap_or(Failure::NotSignedIn);
                cx.answer(command, Err(failure));
                Ok(())
            }
        }
    }

    /// `register`: a picture is looked at before there is an account.
    pub(super) fn register_with_avatar(
        &mut self,
        command: CommandId,
        mut asked: Register,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        match asked.avatar.take() {
            Some(AvatarChoice::File(path)) => {
                self.crop(command, path, Wish::Register(Box::new(asked)), cx);
                Ok(())
            }
            Some(AvatarChoice::None) | None => self.register(command, (asked, None), cx),
        }
    }

    fn crop(&mut self, command: CommandId, path: PathBuf, wish: Wish, cx: &mut Context<'_>) {
        self.pictures.wishes.insert(command, wish);
        let crop = PictureOutput::Crop { command, path };
        cx.out.push(Output::Picture(crop));
    }

    pub(super) fn on_picture(
        &mut self,
        input: PictureInput,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        match input {
            PictureInput::Cropped { command, result } => self.cropped(command, result, cx),
            PictureInput::Kept {
                account,
                hash,
                is_kept,
            } => self.picture_kept((account, hash), is_kept, cx),
        }
    }

    fn cropped(
        &mut self,
        command: CommandId,
        result: Result<Vec<u8>, Failure>,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let Some(wish) = self.pictures.wishes.remove(&command) else {
            return Ok(());
        };
        let failure = match (result, wish) {
            (Ok(bytes), Wish::Profile(account, asked))
                if self.session.my_account() == Some(account) =>
            {
                return self.send_avatar(command, (bytes, AfterAvatar::Profile(asked)), cx);
            }
            (Ok(bytes), Wish::Register(asked)) => {
                return self.register(command, (*asked, Some(bytes)), cx);
            }
            // Whoever wanted it has signed out meanwhile.
            (Ok(_), Wish::Profile(..)) => Failure::NotSignedIn,
            (Err(failure), Wish::Profile(..) | Wish::Register(_)) => failure,
        };
        cx.answer(command, Err(failure));
        Ok(())
    }

    fn send_avatar(
        &mut self,
        command: CommandId,
        (bytes, after): (Vec<u8>, AfterAvatar),
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        match Bytes::new(bytes.clone()) {
            Ok(avatar) => {
                let asked = Asked::SetAvatar(command, bytes, after);
                self.ask_signed_in(asked, Request::SetAvatar(avatar), cx)
            }
            Err(_) => {
                let setback = Setback::Refused(Refusal::TooLarge);
                self.avatar_set((command, bytes, after), Err(setback), cx)
            }
        }
    }

    /// The picture of an account that was just made, before the answer of that command.
    pub(super) fn send_first_avatar(
        &mut self,
        command: CommandId,
        (bytes, done): (Vec<u8>, Done),
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        self.send_avatar(command, (bytes, AfterAvatar::Registered(done)), cx)
    }

    pub(super) fn avatar_set(
        &mut self,
        (command, bytes, after): (CommandId, Vec<u8>, AfterAvatar),
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let set = match outcome {
            Ok(Reply::Done) => Ok(()),
            Ok(_) => Err(Setback::Nonsense),
            Err(setback) => Err(setback),
        };
        if let (Ok(()), Some(me)) = (set, self.session.my_account()) {
            if bytes.is_empty() {
                self.has_no_picture(me, cx)?;
            } else {
                self.keep_picture(me, *blake3::hash(&bytes).as_bytes(), bytes, cx);
            }
        }
        match (set, after) {
            (Ok(()), AfterAvatar::Profile(rest)) if rest != Profile::default() => {
                return self.set_profile_fields(command, &rest, cx);
            }
            (Ok(()), AfterAvatar::Profile(_)) => cx.answer(command, Ok(Done::Plain {})),
            (Err(setback), AfterAvatar::Profile(_)) => cx.answer(command, Err(setback.into())),
            (set, AfterAvatar::Registered(done)) => {
                if set.is_err() {
                    let text = "the rendezvous did not take the picture";
                    cx.warn(WarningCode::AvatarNotSet, text);
                }
                cx.answer(command, Ok(done));
            }
        }
        Ok(())
    }

    fn keep_picture(
        &self,
        account: AccountId,
        hash: [u8; 32],
        bytes: Vec<u8>,
        cx: &mut Context<'_>,
    ) {
        let keep = KeepPicture {
            account,
            hash,
            path: self.avatar_path(account, &hash),
            bytes,
        };
        let output = PictureOutput::Keep(Box::new(keep));
        cx.out.push(Output::Picture(output));
    }

    /// Somebody has no picture, or not any more.
    fn has_no_picture(
        &mut self,
        account: AccountId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let had_one = self.pictures.kept.contains_key(&account);
        self.forget_picture(account, cx)?;
        if had_one {
            self.tell_contact(account, ContactChange::Changed, cx);
        }
        Ok(())
    }

    /// A picture is ours to know no more.
    pub(super) fn forget_picture(
        &mut self,
        account: AccountId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        self.pictures.wanted.remove(&account);
        if let Some(hash) = self.pictures.kept.remove(&account) {
            cx.tx.set_avatar(account, None)?;
            let path = self.avatar_path(account, &hash);
            cx.out.push(Output::Picture(PictureOutput::Forget(path)));
        }
        Ok(())
    }

    /// The rendezvous says which picture somebody has.
    pub(super) fn avatar_told(
        &mut self,
        account: AccountId,
        hash: Option<[u8; 32]>,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        match hash {
            None => return self.has_no_picture(account, cx),
            Some(hash) if self.pictures.kept.get(&account) == Some(&hash) => {
                self.pictures.wanted.remove(&account);
            }
            Some(hash) => {
                self.pictures.wanted.insert(account, hash);
            }
        }
        Ok(())
    }

    /// Fetches the next picture, one at a time, so that messages are never behind many of them.
    pub(super) fn fetch_picture(&mut self, cx: &mut Context<'_>) {
        if self.pictures.fetching.is_some() || !self.session.is_online() {
            return;
        }
        if let Some((account, hash)) = self.pictures.wanted.first_key_value() {
            let account = *account;
            self.pictures.fetching = Some((account, *hash));
            self.ask(Asked::Avatar(account), Request::Avatar(account), cx);
        } else if self.pictures.are_told {
            self.caught_up_with(Part::Details, cx);
        }
    }

    pub(super) fn picture_fetched(
        &mut self,
        account: AccountId,
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) {
        let asked = self.pictures.fetching;
        match (outcome, asked) {
            (Ok(Reply::Avatar(bytes)), Some((_, hash)))
                if *blake3::hash(&bytes).as_bytes() == hash =>
            {
                self.keep_picture(account, hash, bytes.into_vec(), cx);
                return;
            }
            // It is asked for again after the next sign-in, when all details are told anew.
            (Err(Setback::Lost | Setback::WrongKey { .. }), _) => {
                self.pictures.fetching = None;
                return;
            }
            (Err(Setback::Refused(Refusal::Busy { .. } | Refusal::TooFast { .. })), _) => {
                self.pictures.wanted.clear();
            }
            // It changed meanwhile, which is told, or it is none that we could have.
            (Ok(_) | Err(Setback::Refused(_) | Setback::Nonsense), _) => {
                tracing::debug!(%account, "a picture is not to be had");
            }
        }
        if let Some(asked) = asked {
            self.picture_done(asked, cx);
        }
    }

    /// Goes on with the next one. Whoever was told to have another picture meanwhile is still wanted.
    fn picture_done(&mut self, asked: (AccountId, [u8; 32]), cx: &mut Context<'_>) {
        if self.pictures.fetching != Some(asked) {
            return;
        }
        self.pictures.fetching = None;
        if self.pictures.wanted.get(&asked.0) == Some(&asked.1) {
            self.pictures.wanted.remove(&asked.0);
        }
        self.fetch_picture(cx);
    }

    fn picture_kept(
        &mut self,
        (account, hash): (AccountId, [u8; 32]),
        is_kept: bool,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let is_ours = self.session.my_account() == Some(account);
        if is_kept && (is_ours || self.roster.get(account).is_some()) {
            cx.tx.set_avatar(account, Some(&hash))?;
            let before = self.pictures.kept.insert(account, hash);
            if before != Some(hash) {
                self.tell_contact(account, ContactChange::Changed, cx);
            }
            if let Some(before) = before.filter(|before| *before != hash) {
                let path = self.avatar_path(account, &before);
                cx.out.push(Output::Picture(PictureOutput::Forget(path)));
            }
        } else if is_kept {
            let path = self.avatar_path(account, &hash);
            cx.out.push(Output::Picture(PictureOutput::Forget(path)));
        }
        self.picture_done((account, hash), cx);
        Ok(())
    }
}
