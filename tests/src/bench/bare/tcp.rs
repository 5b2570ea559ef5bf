//! One TCP connection and nothing around it: read 1 MiB, write 1 MiB, and sync at the end.

use super::{Load, Said, await_go, say};
use crate::content::PART_BYTES;
use anyhow::Context;
use std::fs::File;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;

pub(super) fn take(into: Option<&Path>) -> anyhow::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    say(&Said::listening(listener.local_addr()?, None))?;
    let (mut stream, _) = listener.accept()?;
    let mut file = into.map(File::create).transpose()?;
    let mut part = vec![0; PART_BYTES];
    let mut bytes = 0;
    loop {
        let count = stream.read(&mut part)?;
        if count == 0 {
            break;
        }
        bytes += count as u64;
        if let Some(file) = &mut file {
            file.write_all(part.get(..count).unwrap_or_default())?;
        }
    }
    if let Some(file) = file {
        file.sync_all()?;
    }
    say(&Said::done(bytes))
}

pub(super) fn give(to: SocketAddr, load: &Load) -> anyhow::Result<()> {
    let mut stream = TcpStream::connect(to)?;
    say(&Said::default())?;
    await_go()?;
    let mut file = File::open(load.file().context("a file to be copied")?)?;
    let mut part = vec![0; PART_BYTES];
    loop {
        let count = file.read(&mut part)?;
        if count == 0 {
            break;
        }
        stream.write_all(part.get(..count).unwrap_or_default())?;
    }
    stream.shutdown(Shutdown::Write)?;
    say(&Said::done(load.bytes))
}
