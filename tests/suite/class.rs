//! A class that is started on this computer: the real rendezvous and real engines, on loopback.

use anyhow::{Context, ensure};
use hutong_common::text::Lang;
use hutong_engine::api::command::{Register, Secret};
use hutong_engine::api::{Command, Done};
use hutong_engine::engine::{Engine, EngineConfig, EventStream, Udp};
use hutong_host::class::{Class, NotStarted, Serve, Wanted};
use hutong_tests::driver::Programs;
use serde_json::Value;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::time::Instant;

const PASSWORD: &str = "correct horse battery";

/// A class that is stopped whatever happens to the test.
struct Guard(Class);

impl Drop for Guard {
    fn drop(&mut self) {
        let class = self.0.clone();
        let stopping = std::thread::spawn(move || -> anyhow::Result<bool> {
            Ok(runtime()?.block_on(class.stop()))
        });
        drop(stopping.join());
    }
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
}

fn class(home: &Path, programs: &Programs) -> Guard {
    let name = format!("rendezvous{}", std::env::consts::EXE_SUFFIX);
    Guard(Class::of(home).served_by(programs.folder().join(name)))
}

fn engine(home: &Path) -> anyhow::Result<(Engine, EventStream)> {
    let config = EngineConfig {
        mdns: false,
        udp: Udp::Off,
        ..hutong_host::config(home, hutong_host::home::Preset::default())
    };
    hutong_host::start(&config).map_err(|failure| anyhow::anyhow!("{failure:?}"))
}

fn wanted() -> Wanted {
    Wanted {
        name: Some("七年级三班".to_owned()),
        login: "teacher".to_owned(),
        password: Secret::new(PASSWORD),
        display_name: Some("王老师".to_owned()),
        serve: serve(),
    }
}

fn serve() -> Serve {
    Serve {
        listen: Some(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))),
        mdns: false,
        accept_clock: false,
        lang: Lang::Zh,
    }
}

fn role(programs: &Programs, data: &Path, login: &str) -> anyhow::Result<Value> {
    let mut command = programs.command("rendezvous");
    let command = command.arg("--data").arg(data);
    let output = command
        .args(["account", "--json", "show", login])
        .output()?;
    ensure!(output.status.success(), "{output:?}");
    Ok(serde_json::from_slice::<Value>(&output.stdout)?["role"].clone())
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the time is printed")]
async fn a_class_makes_its_teacher_admin_outlives_the_window_and_is_found_again()
-> anyhow::Result<()> {
    let (folder, programs) = (tempfile::tempdir()?, Programs::built()?);
    let home = folder.path().join("teacher");
    let class = class(&home, &programs);
    assert!(!class.0.exists() && class.0.running().is_none());
    let begun = Instant::now();
    let (first, _stream) = engine(&home)?;
    let open = class.0.start(&first, wanted()).await?;
    println!(
        "registered as admin after {} ms",
        begun.elapsed().as_millis()
    );
    assert_eq!(open.name, "七年级三班");
    assert!(open.invite.starts_with("hutong://join?"), "{open:?}");
    let Done::Whoami(whoami) = first.run(Command::Whoami).await.map_err(fail)? else {
        anyhow::bail!("not signed in");
    };
    assert_eq!(
        (whoami.name.as_str(), whoami.server.as_str()),
        ("王老师", "七年级三班")
    );
    let data = folder.path().join("teacher-class").join("data");
    assert_eq!(role(&programs, &data, "teacher")?, "admin");
    // The window ends and comes back.
    first.stop().await;
    assert_eq!(class.0.running().as_ref(), Some(&open));
    let (second, _stream) = engine(&home)?;
    let again = class.0.start(&second, wanted()).await?;
    assert_eq!(again, open, "it is found, not started once more");
    // It stops when it is told to, and is the same one when it comes back.
    assert!(class.0.stop().await);
    assert!(class.0.running().is_none() && class.0.exists());
    // What was stopped on purpose is not started by the next window.
    assert!(class.0.rests());
    let resumed = class
        .0
        .resume(Serve {
            listen: None,
            ..serve()
        })
        .await?;
    assert_eq!(resumed, open, "the same key, name and port");
    assert!(!class.0.rests());
    second.stop().await;
    Ok(())
}

fn fail(failure: hutong_engine::api::Failure) -> anyhow::Error {
    anyhow::anyhow!("{failure:?}")
}

#[tokio::test]
async fn whoever_joined_a_class_starts_none_before_leaving_it() -> anyhow::Result<()> {
    let (folder, programs) = (tempfile::tempdir()?, Programs::built()?);
    let [home, students] = ["teacher", "student"].map(|name| folder.path().join(name));
    let (class, own) = (class(&home, &programs), class(&students, &programs));
    let (teacher, _stream) = engine(&home)?;
    let open = class.0.start(&teacher, wanted()).await?;
    let (student, _stream) = engine(&students)?;
    let register = Register {
        login: "student".to_owned(),
        password: Secret::new(PASSWORD),
        name: None,
        sex: None,
        code: None,
        server: Some(open.invite),
        accept_new_server: false,
        seat: None,
        avatar: None,
    };
    student
        .run(Command::Register(register))
        .await
        .map_err(fail)?;
    let refused = own.0.start(&student, wanted()).await;
    assert!(
        matches!(refused, Err(NotStarted::SignedInElsewhere)),
        "{refused:?}"
    );
    assert!(!own.0.exists());
    student.stop().await;
    teacher.stop().await;
    Ok(())
}

#[tokio::test]
async fn whoever_lost_the_home_signs_in_to_the_class_that_is_there() -> anyhow::Result<()> {
    let (folder, programs) = (tempfile::tempdir()?, Programs::built()?);
    let home = folder.path().join("teacher");
    let class = class(&home, &programs);
    let (first, _stream) = engine(&home)?;
    class.0.start(&first, wanted()).await?;
    first.run(Command::Logout).await.map_err(fail)?;
    class.0.start(&first, wanted()).await?;
    assert!(first.run(Command::Whoami).await.is_ok());
    first.run(Command::Logout).await.map_err(fail)?;
    let mut stranger = wanted();
    stranger.password = Secret::new("another horse battery");
    let refused = class.0.start(&first, stranger).await;
    assert!(
        matches!(refused, Err(NotStarted::Account(_))),
        "{refused:?}"
    );
    assert!(class.0.running().is_some(), "the class goes on");
    first.stop().await;
    Ok(())
}

#[tokio::test]
async fn what_keeps_a_class_from_starting_is_told_apart() -> anyhow::Result<()> {
    let (folder, programs) = (tempfile::tempdir()?, Programs::built()?);
    let home = folder.path().join("teacher");
    let (engine, _stream) = engine(&home)?;
    let missing = Class::of(&home).served_by(folder.path().join("nothing"));
    let refused = missing.start(&engine, wanted()).await;
    assert!(matches!(refused, Err(NotStarted::NoProgram)), "{refused:?}");
    let class = class(&home, &programs);
    let mut nameless = wanted();
    nameless.name = Some("a\u{202e}b".to_owned());
    let refused = class.0.start(&engine, nameless).await;
    assert!(matches!(refused, Err(NotStarted::BadName)), "{refused:?}");
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let mut busy = wanted();
    busy.serve.listen = Some(taken.local_addr()?);
    let refused = class.0.start(&engine, busy).await;
    let refused = refused.err().context("the port is taken")?;
    assert!(
        matches!(refused, NotStarted::PortTaken { .. }),
        "{refused:?}"
    );
    assert!(refused.say(Lang::Zh).contains("已被其他程序占用"));
    let file = folder.path().join("file");
    std::fs::write(&file, "")?;
    let nowhere = Class::of(&file.join("home"));
    let refused = nowhere.start(&engine, wanted()).await;
    assert!(
        matches!(
            refused,
            Err(NotStarted::Folder { .. } | NotStarted::NoProgram)
        ),
        "{refused:?}"
    );
    let refused = class.0.start(&engine, wanted()).await;
    assert!(refused.is_ok(), "and then it starts: {refused:?}");
    engine.stop().await;
    Ok(())
}
