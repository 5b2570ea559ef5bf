//! What is measured, in what it is counted, and what is aimed at.

use super::{Goal, Unit, Who};
use serde::Serialize;

/// What was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// From the command to the acknowledgement, with one message under way: the median.
    RoundTripP50,
    /// The same: what one of a hundred exceeds.
    RoundTripP99,
    /// From the command until it is durably in the sender's outbox: the median.
    AcceptedP50,
    /// Durable messages end to end with many in flight.
    Messages,
    /// From the command to the acknowledgement, with many in flight: the median.
    CrowdedTripP50,
    /// The same: what one of a hundred exceeds.
    CrowdedTripP99,
    /// From accepting a file until it is verified and under its name.
    FileSpeed,
    /// CPU of the sender for it, without hashing.
    SenderCpu,
    /// CPU of the receiver for it.
    ReceiverCpu,
    /// From the command to the offer: hashing.
    OfferSpeed,
    /// Largest memory of the sender, hashing included.
    SenderMemory,
    /// Largest memory of the receiver.
    ReceiverMemory,
    /// The same of a sender that was killed half way.
    ResumedSenderMemory,
    /// The same of a receiver that was killed half way.
    ResumedReceiverMemory,
    /// From the command until the last member of a class has a message durably and its sender knows it: the median.
    GroupTripP50,
    /// The same: what one of a hundred exceeds.
    GroupTripP99,
    /// Durable deliveries to members, with several messages in flight.
    GroupDeliveries,
    /// CPU of the rendezvous for one of them.
    GroupCpu,
    /// Memory of a rendezvous that 1 000 idle clients cost.
    IdleMemory,
    /// Known devices that connect and sign in.
    Resumes,
    /// CPU of the rendezvous for one of them.
    ResumeCpu,
    /// New devices that prove a password and enrol.
    SignIns,
    /// CPU of the rendezvous for one of them.
    SignInCpu,
    /// What the real client adds to a sign-in: stretching the password.
    Stretching,
    /// From the start of the program to the first painted window, on a home that is new.
    FirstWindow,
    /// The same, on the home of somebody who is signed in.
    FirstWindowAgain,
    /// From the start of the program until the conversations are painted.
    ChatsShown,
    /// Memory of the window then.
    WindowMemory,
    /// CPU of a window in which nothing happens, of one core.
    WindowIdle,
    /// Messages of a burst that an open window has painted by itself.
    BurstShown,
    /// From the first command of the sender until the last of them is painted.
    BurstTime,
    /// The longest frame meanwhile.
    BurstFrame,
    /// The same, without the time in which the window waited for a CPU that others had.
    BurstFrameAlone,
    /// Memory of the window once all bursts are shown.
    BurstMemory,
    /// A frame while the wheel goes through all of that and what lies before: the median.
    WheelP50,
    /// The same: what one of a hundred exceeds.
    WheelP99,
    /// The longest of them.
    WheelLongest,
    /// The same, without waiting for a CPU.
    WheelAlone,
    /// From the start of a program with a list of 100 000 messages until it is painted.
    ListShown,
    /// A frame while the wheel goes through them: the median.
    ListWheelP50,
    /// The same: what one of a hundred exceeds.
    ListWheelP99,
    /// The longest of them.
    ListWheelLongest,
    /// The same, without waiting for a CPU.
    ListWheelAlone,
    /// Memory of that program thereafter.
    ListMemory,
    /// The keystream of the DES wrap in ordinary registers.
    KeystreamPortable,
    /// The same with SSE2.
    KeystreamSse2,
    /// The same with AVX2.
    KeystreamAvx2,
    /// The same with AVX-512.
    KeystreamAvx512,
    /// Bytes through a session of the rendezvous' relay.
    RelaySpeed,
    /// CPU of the rendezvous for a gibibyte of them.
    RelayCpu,
    /// A file by relay, from accepting it until it is verified and under its name.
    RelayedFile,
    /// A message by relay, from the command to the acknowledgement: the median.
    RelayedTripP50,
    /// From the moment in which a file's direct way is closed until its bytes are written again.
    ToRelay,
    /// The longest time in which no byte of it is written while it goes back to the direct way.
    BackToDirect,
    /// The same while a computer that has only the relay gets another address.
    AddressReplaced,
}

impl Measure {
    /// In what it is counted.
    pub const fn unit(self) -> Unit {
        match self {
            Self::RoundTripP50
            | Self::RelayedTripP50
            | Self::RoundTripP99
            | Self::AcceptedP50
            | Self::CrowdedTripP50
            | Self::CrowdedTripP99
            | Self::ResumeCpu
            | Self::SignInCpu
            | Self::GroupCpu => Unit::Micros,
            Self::Stretching
            | Self::GroupTripP50
            | Self::GroupTripP99
            | Self::FirstWindow
            | Self::FirstWindowAgain
            | Self::ChatsShown
            | Self::BurstTime
            | Self::BurstFrame
            | Self::BurstFrameAlone
            | Self::WheelP50
            | Self::WheelP99
            | Self::WheelLongest
            | Self::WheelAlone
            | Self::ListShown
            | Self::ListWheelP50
            | Self::ListWheelP99
            | Self::ListWheelLongest
            | Self::ListWheelAlone
            | Self::RelayCpu
            | Self::ToRelay
            | Self::BackToDirect
            | Self::AddressReplaced => Unit::Millis,
            Self::WindowIdle | Self::BurstShown => Unit::Percent,
            Self::SenderCpu | Self::ReceiverCpu => Unit::CpuSeconds,
            Self::FileSpeed
            | Self::OfferSpeed
            | Self::KeystreamPortable
            | Self::KeystreamSse2
            | Self::KeystreamAvx2
            | Self::KeystreamAvx512
            | Self::RelaySpeed
            | Self::RelayedFile => Unit::Speed,
            Self::SenderMemory
            | Self::ReceiverMemory
            | Self::ResumedSenderMemory
            | Self::ResumedReceiverMemory
            | Self::IdleMemory
            | Self::WindowMemory
            | Self::BurstMemory
            | Self::ListMemory => Unit::Mebibytes,
            Self::Messages | Self::Resumes | Self::SignIns | Self::GroupDeliveries => {
                Unit::PerSecond
            }
        }
    }

    /// What is aimed at; nothing for what is only watched.
    pub const fn goal(self) -> Option<Goal> {
        match self {
            Self::FileSpeed => Some(Goal::ShareOf(Who::BareQuicDisk, 0.7)),
            Self::SenderMemory
            | Self::ReceiverMemory
            | Self::ResumedSenderMemory
            | Self::ResumedReceiverMemory => Some(Goal::Below(64.0)),
            Self::Messages => Some(Goal::AtLeast(1_000.0)),
            Self::IdleMemory => Some(Goal::Below(100.0)),
            Self::Resumes => Some(Goal::AtLeast(300.0)),
            Self::FirstWindow | Self::FirstWindowAgain => Some(Goal::Below(500.0)),
            Self::WindowIdle => Some(Goal::Below(1.0)),
            Self::BurstShown => Some(Goal::AtLeast(100.0)),
            Self::BurstFrame | Self::BurstFrameAlone => Some(Goal::Below(50.0)),
            Self::WheelP50
            | Self::WheelP99
            | Self::WheelLongest
            | Self::WheelAlone
            | Self::ListWheelP50
            | Self::ListWheelP99
            | Self::ListWheelLongest
            | Self::ListWheelAlone => Some(Goal::Below(8.0)),
            Self::ListShown => Some(Goal::Below(800.0)),
            Self::ListMemory => Some(Goal::Below(180.0)),
            Self::RelayCpu => Some(Goal::AtMostOf(Who::TcpRelay, 1.2)),
            Self::RelayedFile => Some(Goal::ShareOf(Who::Unwrapped, 0.75)),
            Self::RelayedTripP50 => Some(Goal::AtMostOf(Who::Direct, 3.0)),
            Self::ToRelay => Some(Goal::Below(500.0)),
            Self::BackToDirect => Some(Goal::Below(100.0)),
            Self::AddressReplaced => Some(Goal::Below(6_000.0)),
            Self::KeystreamSse2 => Some(Goal::ShareOf(Who::Des, 10.0)),
            Self::KeystreamAvx2 => Some(Goal::ShareOf(Who::Des, 25.0)),
            Self::KeystreamAvx512 => Some(Goal::ShareOf(Who::Des, 50.0)),
            Self::RoundTripP50
            | Self::RoundTripP99
            | Self::AcceptedP50
            | Self::CrowdedTripP50
            | Self::CrowdedTripP99
            | Self::SenderCpu
            | Self::ReceiverCpu
            | Self::GroupTripP50
            | Self::GroupTripP99
            | Self::GroupDeliveries
            | Self::GroupCpu
            | Self::OfferSpeed
            | Self::ResumeCpu
            | Self::SignIns
            | Self::SignInCpu
            | Self::Stretching
            | Self::ChatsShown
            | Self::WindowMemory
            | Self::BurstTime
            | Self::BurstMemory
            | Self::KeystreamPortable
            | Self::RelaySpeed => None,
        }
    }
}
