//! A whole class of real clients on this machine, each a program of its own, all in the class that a rendezvous makes.

use crate::bench::cpu_of;
use crate::driver::{Agent, Rendezvous, Stage, Stopwatch};
use anyhow::{Context, ensure};
use serde_json::{Value, json};
use std::time::Duration;

/// Clients that register side by side: each needs 64 MiB and a CPU for its password.
const SIDE_BY_SIDE: usize = 8;
/// How long a machine with few CPUs may take for anything that all of them do.
const TIMEOUT: Duration = Duration::from_secs(90);

/// People in one class.
#[derive(Debug)]
pub struct Crowd {
    /// Their rendezvous.
    pub server: Rendezvous,
    /// Everybody.
    pub agents: Vec<Agent>,
    /// The class, as commands name it.
    pub class: String,
    /// How long it took from the start of the first until everybody saw everybody.
    pub gathered: Duration,
    said: usize,
    /// What each of them said since it was last looked whether all have it.
    lately: Vec<usize>,
}

impl Crowd {
    /// Starts and registers so many, and waits until each of them sees all in the class. `options` go to `serve`.
    ///
    /// # Errors
    /// When one of them is refused, or this takes too long.
    pub fn gather(stage: &Stage, count: usize, options: &[&str]) -> anyhow::Result<Self> {
        let (programs, data) = (stage.programs(), stage.path("rendezvous"));
        let options = [&["--no-mdns"], options].concat();
        let server = Rendezvous::as_it_is(programs, &data, "127.0.0.1:0", &options)?;
        let watch = Stopwatch::start();
        let names: Vec<String> = (0..count)
            .map(|number| format!("student{number}"))
            .collect();
        let mut agents = Vec::with_capacity(count);
        for names in names.chunks(SIDE_BY_SIDE) {
            let mut asked = Vec::new();
            for name in names {
                let mut agent = stage.agent(name)?;
                let register = json!({
                    "do": "register", "login": name, "name": format!("同学 {name}"),
                    "password": Stage::password(), "server": server.invite()?,
                });
                let id = agent.tell(register)?;
                asked.push((agent, id));
            }
            for (mut agent, id) in asked {
                let reply = agent.reply_within(TIMEOUT, id)?;
                ensure!(reply["ok"] == true, "{}: {reply}", agent.name());
                agents.push(agent);
            }
        }
        let first = agents.first_mut().context("somebody")?;
        let groups = first.until(&json!({"do": "groups"}), |reply| {
            members(reply) == Some(count)
        })?;
        let class = format!("g:{}", groups["groups"][0]["group"]);
        for agent in &mut agents {
            agent.until(&json!({"do": "groups"}), |reply| {
                members(reply) == Some(count)
            })?;
        }
        Ok(Self {
            server,
            agents,
            class,
            gathered: watch.elapsed(),
            said: 0,
            lately: vec![0; count],
        })
    }

    /// Each of these says so much, as fast as it is taken.
    ///
    /// # Errors
    /// When something is not taken.
    pub fn say(&mut self, who: std::ops::Range<usize>, times: usize) -> anyhow::Result<()> {
        for round in 0..times {
            let mut asked = Vec::new();
            for agent in self.agents.get_mut(who.clone()).unwrap_or_default() {
                let text = format!("第 {round} 句，{} 说的", agent.name());
                let send = json!({"do": "send", "to": self.class, "text": text});
                asked.push(agent.tell(send)?);
            }
            let speakers = self.agents.get_mut(who.clone()).unwrap_or_default();
            for (agent, id) in speakers.iter_mut().zip(asked) {
                let reply = agent.reply_within(TIMEOUT, id)?;
                ensure!(reply["ok"] == true, "{}: {reply}", agent.name());
            }
        }
        self.said += who.len() * times;
        for spoken in self.lately.get_mut(who).unwrap_or_default() {
            *spoken += times;
        }
        Ok(())
    }

    /// Waits until each of these has all that was said, and checks that it is the same in the same order with all.
    ///
    /// # Errors
    /// When one of them lacks something in the end, has it twice, or in another order.
    pub fn all_have_all(&mut self, who: std::ops::Range<usize>) -> anyhow::Result<()> {
        let (said, lately) = (self.said, self.lately.iter().sum::<usize>());
        let history = json!({"do": "history", "with": self.class, "limit": 1_000});
        let mut first: Option<Vec<Value>> = None;
        let speakers = self.agents.iter_mut().zip(&self.lately);
        for (agent, own) in speakers.skip(who.start).take(who.len()) {
            // Whoever says something is not told of it.
            for _ in *own..lately {
                agent.event_within(TIMEOUT, "message", |_| true)?;
            }
        }
        for agent in self.agents.get_mut(who).unwrap_or_default() {
            let has = ids(&agent.done(history.clone())?);
            ensure!(has.len() == said, "{} has {}", agent.name(), has.len());
            let expected = first.get_or_insert_with(|| has.clone());
            ensure!(*expected == has, "{} has another order", agent.name());
            agent.leftovers();
        }
        Ok(())
    }

    /// CPU that all of them have used so far, and their rendezvous.
    ///
    /// # Errors
    /// Where that is not told.
    pub fn cpu(&self) -> anyhow::Result<[Duration; 2]> {
        let mut clients = Duration::ZERO;
        for agent in &self.agents {
            clients += cpu_of(agent.id())?;
        }
        Ok([clients, cpu_of(self.server.id())?])
    }

    /// What is said from now on is looked for alone.
    pub fn begin_anew(&mut self) {
        self.lately.fill(0);
    }
}

fn members(reply: &Value) -> Option<usize> {
    let members = reply["groups"][0]["members"].as_u64()?;
    usize::try_from(members).ok()
}

fn ids(reply: &Value) -> Vec<Value> {
    let rows = reply["messages"].as_array();
    rows.into_iter()
        .flatten()
        .map(|row| row["id"].clone())
        .collect()
}
