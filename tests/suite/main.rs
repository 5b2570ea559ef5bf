//! Every test that needs more than one package, as one binary (one link step).
//!
//! A module per subject; its tests are sentences. Nothing here is shared: what two modules need lives in the library
//! of this package.

mod accounts;
mod administration;
mod announcements;
mod avatars;
mod bench;
mod binaries;
mod blocks;
mod canaries;
mod capture;
mod checks;
mod circles;
mod class;
mod classroom;
mod contract;
mod crashes;
mod desks;
mod devices;
mod doctor;
mod evil;
mod friendship;
mod gates;
mod glance;
mod groups;
mod hostile;
mod lab;
mod light;
mod messages;
mod names;
mod namespaces;
mod own_devices;
mod paths;
mod people;
mod plans;
mod properties;
mod races;
mod seats;
mod siege;
mod thieves;
mod tidy;
mod transfers;
mod windows;
mod wire;
