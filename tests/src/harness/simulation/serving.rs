//! The rendezvous at work: its batches of frames, its ticks, and what it says.

use super::super::pipe::PipeId;
use super::super::server::{Carried, Said, Served};
use super::{Happening, Simulation};
use hutong_common::limits::{ARRIVALS_INTERVAL_MS, TICK_INTERVAL_MS, WRITER_BATCH_MAX};
use hutong_rendezvous::service::accounts::NotDone;
use hutong_rendezvous::service::{Context, Service};

impl Simulation {
    pub(super) fn hand_to_server(&mut self, server: usize, pipe: PipeId, frame: Vec<u8>) {
        let delay_us = self.dice.within(20..400);
        let computer = &mut self.servers[server];
        computer.inbox.push_back((pipe, frame));
        if !std::mem::replace(&mut computer.step_planned, true) {
            let step = Happening::StepServer(server, computer.life);
            self.schedule.after(delay_us, step);
        }
    }

    pub(super) fn step_server(&mut self, server: usize) {
        let now_us = self.schedule.now_us();
        let computer = &mut self.servers[server];
        let waiting = computer.inbox.len().min(WRITER_BATCH_MAX);
        let batch = computer.inbox.drain(..waiting).collect();
        computer.step_planned = !computer.inbox.is_empty();
        if computer.step_planned {
            let step = Happening::StepServer(server, computer.life);
            self.schedule.after(50, step);
        }
        match computer.step(batch, now_us) {
            Served::Done(said) => {
                self.say(said);
                self.plan_arrivals(server);
            }
            Served::Killed(said) => {
                self.say(said);
                self.kill_server(server);
            }
        }
    }

    pub(in super::super) fn administer<T>(
        &mut self,
        command: impl FnOnce(&Service, &mut Context<'_>) -> Result<Carried<T>, NotDone>,
    ) -> T {
        let (done, said) = self.servers[0].administer(command, self.schedule.now_us());
        self.say(said);
        done
    }

    pub(super) fn say(&mut self, said: Vec<Said>) {
        for said in said {
            match said {
                Said::Frame(pipe, frame) => {
                    if let Some(traffic) = &mut self.servers[0].traffic {
                        traffic.says(&frame);
                    }
                    self.say_or_lie(pipe, frame);
                }
                Said::Close(pipe) => self.hang_up(pipe, 1),
            }
        }
    }

    /// While members wait to be told who came in, the real program looks every second whether it is time.
    fn plan_arrivals(&mut self, server: usize) {
        let computer = &mut self.servers[server];
        let is_due = computer.arrivals_wait() && !computer.arrivals_planned;
        if is_due {
            computer.arrivals_planned = true;
            let tell = Happening::TellArrivals(server, computer.life);
            self.schedule.after(ARRIVALS_INTERVAL_MS * 1000, tell);
        }
    }

    pub(super) fn tell_arrivals(&mut self, server: usize) {
        let now_us = self.schedule.now_us();
        let computer = &mut self.servers[server];
        computer.arrivals_planned = false;
        let said = computer.tell_arrivals(now_us);
        self.say(said);
        self.plan_arrivals(server);
    }

    pub(super) fn plan_tick(&mut self, server: usize) {
        let tick = Happening::Tick(server, self.servers[server].life);
        self.schedule.after(TICK_INTERVAL_MS * 1000, tick);
    }
}
