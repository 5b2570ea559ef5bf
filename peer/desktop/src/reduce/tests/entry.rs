//! Signing in and registering.

use crate::input::intent::EntryIntent;
use crate::input::{Input, Intent, Purpose};
use crate::model::Stage;
use crate::model::entry::{Field, Mode};
use crate::scene::Scene;
use hutong_common::refusal::Refusal;
use hutong_engine::api::done::ServerSeen;
use hutong_engine::api::{Command, Done, Failure};

fn typed() -> Scene {
    let mut scene = Scene::out();
    let entry = &mut scene.state.entry;
    entry.login = " alice ".to_owned();
    entry.password = "a good secret".into();
    entry.again = "a good secret".into();
    scene
}

fn submit(scene: &mut Scene) -> &mut Scene {
    scene.want(Intent::Entry(EntryIntent::Submit))
}

fn wrong(scene: &Scene) -> Option<Field> {
    scene.state.entry.wrong.as_ref().map(|wrong| wrong.field)
}

fn seen(name: &str, port: u16, trusted: bool) -> ServerSeen {
    ServerSeen {
        name: name.to_owned(),
        server_id: "id".to_owned(),
        fingerprint: "aaaa bbbb".to_owned(),
        address: ([127, 0, 0, 1], port).into(),
        trusted,
    }
}

#[test]
fn what_is_missing_is_said_beside_its_field_and_nothing_is_asked() {
    let mut scene = Scene::out();
    submit(&mut scene);
    assert_eq!(
        (wrong(&scene), scene.asked().len()),
        (Some(Field::Login), 0)
    );
    let mut scene = typed();
    scene.state.entry.password = "".into();
    submit(&mut scene);
    assert_eq!(
        (wrong(&scene), scene.asked().len()),
        (Some(Field::Password), 0)
    );
    let mut scene = typed();
    scene.want(Intent::Entry(EntryIntent::Switch(Mode::Register)));
    scene.state.entry.again = "another".into();
    submit(&mut scene);
    assert_eq!(
        (wrong(&scene), scene.asked().len()),
        (Some(Field::Again), 0)
    );
}

#[test]
fn signing_in_is_asked_once_and_nothing_of_the_password_stays() {
    let mut scene = typed();
    submit(&mut scene);
    let login = match scene.asked().as_slice() {
        [Command::Login(login)] => login.login.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(login, "alice");
    assert!(scene.state.entry.busy);
    submit(&mut scene);
    assert!(scene.asked().is_empty(), "a second press");
    scene.tell(hutong_engine::api::Event::Ready(super::ready(Some(
        "alice",
    ))));
    assert_eq!(scene.state.stage, Stage::In);
    assert!(scene.state.entry.password.is_empty() && scene.state.entry.login.is_empty());
}

#[test]
fn every_refusal_stands_beside_the_field_that_can_be_mended() {
    for (failure, field) in [
        (Failure::Refused(Refusal::NameTaken), Field::Login),
        (
            Failure::Refused(Refusal::WrongLoginOrPassword),
            Field::Password,
        ),
        (Failure::Refused(Refusal::InviteNeeded), Field::Code),
        (Failure::Unreachable, Field::Server),
        (Failure::Refused(Refusal::ServerFull), Field::Form),
    ] {
        let mut scene = typed();
        submit(&mut scene);
        scene.take(Input::Answer(Purpose::Enter, Err(failure.clone())));
        assert_eq!(wrong(&scene), Some(field), "{failure:?}");
        assert!(!scene.state.entry.busy && !scene.state.entry.password.is_empty());
    }
}

#[test]
fn an_unknown_server_is_asked_about_before_it_is_trusted() {
    let mut scene = typed();
    submit(&mut scene);
    let doubt = Failure::ServerNotTrusted {
        fingerprint: "aaaa bbbb".to_owned(),
        address: "10.0.0.1:7440".to_owned(),
    };
    scene.take(Input::Answer(Purpose::Enter, Err(doubt)));
    assert!(scene.state.entry.doubt.is_some());
    scene.want(Intent::Entry(EntryIntent::Trust));
    let accepts = match scene.asked().as_slice() {
        [Command::Login(login)] => login.accept_new_server,
        other => panic!("{other:?}"),
    };
    assert!(accepts && scene.state.entry.doubt.is_none());
}

#[test]
fn the_known_or_only_server_is_chosen_and_one_that_takes_its_name_is_marked() {
    let mut scene = Scene::out();
    let servers = vec![seen("Lab", 1, false)];
    scene.answer(Purpose::Servers, Done::Servers { servers });
    assert!(scene.state.entry.servers[0].chosen);
    let servers = vec![
        seen("Lab", 2, false),
        seen("Lab", 3, true),
        seen("Other", 4, false),
    ];
    scene.answer(Purpose::Servers, Done::Servers { servers });
    let entry = &scene.state.entry;
    let marks: Vec<_> = entry
        .servers
        .iter()
        .map(|server| (server.chosen, server.suspect))
        .collect();
    assert_eq!(marks, [(false, true), (true, false), (false, false)]);
}

#[test]
fn a_picture_that_is_chosen_before_goes_with_the_registration_and_is_mended_in_its_place() {
    use crate::input::intent::OwnIntent;
    use hutong_engine::api::command::AvatarChoice;
    let mut scene = typed();
    scene.want(Intent::Entry(EntryIntent::Switch(Mode::Register)));
    let path = std::path::PathBuf::from("me.png");
    scene.want(Intent::Own(OwnIntent::Picture(Some(path.clone()))));
    assert!(scene.asked().is_empty(), "there is no account yet");
    assert!(scene.state.entry.face().picture.is_some());
    submit(&mut scene);
    let avatar = match scene.asked().as_slice() {
        [Command::Register(register)] => register.avatar.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(avatar, Some(AvatarChoice::File(path.clone())));
    let failure = Failure::PictureUnreadable { path };
    scene.take(Input::Answer(Purpose::Enter, Err(failure)));
    assert_eq!(wrong(&scene), Some(Field::Picture));
    scene.want(Intent::Own(OwnIntent::Picture(None)));
    assert!(scene.state.entry.picture.is_none());
}
