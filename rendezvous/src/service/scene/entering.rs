//! How people come in: registration, sign-in with a password, and enrolment of another device.

use super::{Client, PASSWORD, Scene, welcome};
use crate::sessions::ConnectionId;
use hutong_common::bounded::{Bytes, List, Text};
use hutong_common::entropy::Entropy;
use hutong_common::id::{AccountId, DeviceId};
use hutong_common::identity::KeyPair;
use hutong_common::limits::{OWN_DEVICE_LIFETIME_MS, SEAT_LIFETIME_MS};
use hutong_common::name::{DisplayName, Login};
use hutong_common::opaque::{
    ExportKey, Parties, RegistrationClient, SignInClient, Stretch, password_input,
};
use hutong_common::refusal::Refusal;
use hutong_common::rpc::accounts::{
    Enrol, PasswordFinish, PasswordStart, Profile, RegisterFinish, RegisterStart, RemoveDevice,
    Sex, SignInFinish, SignInStart, SignedIn as SignedInReply, Welcome,
};
use hutong_common::rpc::{Reply, Request};
use hutong_common::signed::{Card, CardDevice, DeviceKind, Signed};
use hutong_common::vault::{Vault, open_vault, seal_vault};
use std::sync::Arc;

impl Scene {
    pub(in super::super) fn stranger(&mut self, login: &str) -> Client {
        let entropy: &mut dyn Entropy = &mut self.entropy;
        let key = KeyPair::generate(entropy);
        let vault = Vault::generate(entropy);
        let caller = self.connect(&key);
        self.connections += 1;
        let seal = vault.current_seal();
        let card = Card {
            server_id: self.service.server_id(),
            account_id: AccountId(0),
            account_pk: vault.account_seed().key_pair().public(),
            account_gen: 1,
            version: self.now_ms,
            seal_no: seal.no,
            seal_pk: seal.public(),
            devices: List::default(),
            issued_ms: self.now_ms,
        };
        Client {
            key,
            caller,
            login: Login::new(login).unwrap(),
            account: AccountId(0),
            vault,
            card,
            gone: Vec::new(),
            export: None,
            connection: ConnectionId(self.connections),
            inbox: Arc::default(),
            resumed: 0,
        }
    }

    fn device(&self, key: &KeyPair, kind: DeviceKind) -> CardDevice {
        let lifetime_ms = match kind {
            DeviceKind::Own => OWN_DEVICE_LIFETIME_MS,
            DeviceKind::Seat => SEAT_LIFETIME_MS,
        };
        CardDevice {
            device_pk: key.public(),
            label: Text::new("PC").unwrap(),
            kind,
            added_ms: self.now_ms,
            until_ms: self.now_ms + lifetime_ms,
        }
    }

    /// The two halves of a registration: a client, and the second request ready to be sent.
    pub(in super::super) fn begin_registration(
        &mut self,
        login: &str,
        (kind, code): (DeviceKind, Option<&str>),
    ) -> Result<(Client, Request), Refusal> {
        let mut client = self.stranger(login);
        let (opaque, message) = RegistrationClient::start(
            &password_input(PASSWORD),
            Stretch::Identity,
            &mut self.entropy,
        )
        .unwrap();
        let start = RegisterStart {
            login: client.login.clone(),
            opaque: Bytes::new(message).unwrap(),
        };
        let Reply::RegisterStarted(started) =
            self.ask(&mut client, Request::RegisterStart(start))?
        else {
            panic!("not the reply to this request");
        };
        client.account = started.account;
        client.card.account_id = started.account;
        client.card.devices = List::new(vec![self.device(&client.key, kind)]).unwrap();
        let server = self.service.server_id();
        let parties = Parties {
            login: login_text(&client),
            server,
        };
        let (upload, export_key) = opaque
            .finish(&started.opaque, parties, &mut self.entropy)
            .unwrap();
        let vault = seal_vault(
            &client.vault,
            &export_key,
            server,
            login_text(&client),
            &mut self.entropy,
        );
        let account_key = client.vault.account_seed().key_pair();
        let finish = RegisterFinish {
            profile: profile(login),
            opaque: Bytes::new(upload).unwrap(),
            account_pk: account_key.public(),
            vault: Bytes::new(vault).unwrap(),
            card: Signed::new(&client.card, &account_key),
            code: code.map(|code| Text::new(code).unwrap()),
        };
        Ok((client, Request::RegisterFinish(Box::new(finish))))
    }

    pub(in super::super) fn try_register(
        &mut self,
        login: &str,
        how: (DeviceKind, Option<&str>),
    ) -> Result<(Client, Box<Welcome>), Refusal> {
        let (mut client, finish) = self.begin_registration(login, how)?;
        let welcome = welcome(self.ask(&mut client, finish))?;
        Ok((client, welcome))
    }

    pub(in super::super) fn register(&mut self, login: &str) -> Client {
        self.try_register(login, (DeviceKind::Own, None)).unwrap().0
    }

    /// The first half of a sign-in, and what proves the password in the second one.
    pub(in super::super) fn begin_proof(
        &mut self,
        client: &mut Client,
        (login, password): (&Login, &str),
    ) -> Result<(Vec<u8>, Option<ExportKey>), Refusal> {
        let (opaque, message) = SignInClient::start(
            &password_input(password),
            Stretch::Identity,
            &mut self.entropy,
        )
        .unwrap();
        let start = SignInStart {
            login: login.clone(),
            opaque: Bytes::new(message).unwrap(),
        };
        let Reply::SignInStarted(started) = self.ask(client, Request::SignInStart(start))? else {
            panic!("not the reply to this request");
        };
        let parties = Parties {
            login: login.as_str(),
            server: self.service.server_id(),
        };
        let finished = opaque.finish(&started.opaque, parties, &[9; 32], &mut self.entropy);
        // A client that was given the dummy, or mistyped, notices first; a guesser sends something all the same.
        Ok(finished.map_or_else(
            |_| (vec![0; 64], None),
            |(proof, export_key)| (proof, Some(export_key)),
        ))
    }

    /// Proves a password on the client's connection, signed in or not.
    pub(in super::super) fn prove_password(
        &mut self,
        client: &mut Client,
        password: &str,
    ) -> Result<Box<SignedInReply>, Refusal> {
        let login = client.login.clone();
        let (proof, export_key) = self.begin_proof(client, (&login, password))?;
        let server = self.service.server_id();
        let finish = SignInFinish {
            opaque: Bytes::new(proof).unwrap(),
        };
        let Reply::SignedIn(reply) = self.ask(client, Request::SignInFinish(finish))? else {
            panic!("not the reply to this request");
        };
        let export_key = export_key.unwrap();
        client.vault = open_vault(&reply.vault, &export_key, server, login_text(client)).unwrap();
        client.export = Some(export_key);
        client.account = reply.account;
        client.card = reply.card.peek_unverified().unwrap();
        client.gone = reply.gone.to_vec();
        Ok(reply)
    }

    /// A new computer with this person's password, up to the point where it enrols.
    pub(in super::super) fn new_device(&mut self, login: &str) -> Client {
        let mut client = self.stranger(login);
        self.prove_password(&mut client, PASSWORD).unwrap();
        client
    }

    /// The request with which a new device enrols.
    pub(in super::super) fn enrolment(&self, client: &Client, kind: DeviceKind) -> Request {
        let mut devices = client.card.devices.clone().into_vec();
        devices.retain(|device| device.is_live(self.now_ms) && !client.gone.contains(&device.id()));
        devices.push(self.device(&client.key, kind));
        let card = Card {
            version: self.now_ms.max(client.card.version + 1),
            devices: List::new(devices).unwrap(),
            ..client.card.clone()
        };
        let account_key = client.vault.account_seed().key_pair();
        Request::Enrol(Enrol {
            card: Signed::new(&card, &account_key),
            replaces: client.card.version,
        })
    }

    /// The second half of a password change, ready to be sent.
    pub(in super::super) fn new_password(
        &mut self,
        client: &mut Client,
        password: &str,
    ) -> Result<Request, Refusal> {
        let (opaque, message) = RegistrationClient::start(
            &password_input(password),
            Stretch::Identity,
            &mut self.entropy,
        )
        .unwrap();
        let start = PasswordStart {
            opaque: Bytes::new(message).unwrap(),
        };
        let Reply::PasswordStarted(started) = self.ask(client, Request::PasswordStart(start))?
        else {
            panic!("not the reply to this request");
        };
        let server = self.service.server_id();
        let parties = Parties {
            login: login_text(client),
            server,
        };
        let (upload, export) = opaque
            .finish(&started.opaque, parties, &mut self.entropy)
            .unwrap();
        let vault = seal_vault(
            &client.vault,
            &export,
            server,
            login_text(client),
            &mut self.entropy,
        );
        Ok(Request::PasswordFinish(PasswordFinish {
            opaque: Bytes::new(upload).unwrap(),
            vault: Bytes::new(vault).unwrap(),
            card_version: client.card.version,
        }))
    }

    /// The request with which somebody who has just typed the password removes a device.
    pub(in super::super) fn removal(&mut self, client: &mut Client, device: DeviceId) -> Request {
        client.vault.rotate_seal(&mut self.entropy);
        let mut devices = client.card.devices.clone().into_vec();
        devices.retain(|kept| kept.id() != device);
        let card = Card {
            version: self.now_ms.max(client.card.version + 1),
            seal_no: client.vault.current_seal().no,
            seal_pk: client.vault.current_seal().public(),
            devices: List::new(devices).unwrap(),
            ..client.card.clone()
        };
        let (server, export) = (self.service.server_id(), client.export.clone().unwrap());
        let sealed = seal_vault(
            &client.vault,
            &export,
            server,
            login_text(client),
            &mut self.entropy,
        );
        Request::RemoveDevice(Box::new(RemoveDevice {
            device,
            card: Signed::new(&card, &client.vault.account_seed().key_pair()),
            replaces: client.card.version,
            vault: Bytes::new(sealed).unwrap(),
        }))
    }

    pub(in super::super) fn sign_in(
        &mut self,
        login: &str,
        kind: DeviceKind,
    ) -> Result<Client, Refusal> {
        let mut client = self.new_device(login);
        let enrol = self.enrolment(&client, kind);
        let welcome = welcome(self.ask(&mut client, enrol))?;
        client.card = welcome.card.peek_unverified().unwrap();
        Ok(client)
    }
}

pub(in super::super) fn profile(name: &str) -> Profile {
    Profile {
        name: DisplayName::new(name).unwrap(),
        sex: Sex::Female,
        signature: Text::new("").unwrap(),
    }
}

fn login_text(client: &Client) -> &str {
    client.login.as_str()
}
