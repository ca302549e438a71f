//! The built `cargo omega`, driven in temporary projects.
//!
//! One file per promise: `arguments` what may be typed and whom it reaches, `workspace` which packages are meant,
//! `detection` which targets are harnesses, `exit_codes` what a script may rely on, `display` what is shown and kept,
//! `outputs` and `github` where results go beside the terminal, `hostile` that no text of unknown origin gives orders
//! there, `init` how a project begins, `worker` which programs keep to the protocol, `workers` what needs no code and no cargo, `startup` what is started for one
//! run, `import`, `study` and `again` what another optimizer left behind, `help` and `explain` what is written for people, `progress` what a wait shows, `interrupt` what Ctrl-C and other
//! ends leave, `baseline` what has to be beaten, `input` what a file that is none comes to, `tools` and `tables` what of other tools' studies is believed, `laid` what is not believed, `places` where artifacts lie and
//! whose they are, `lock`, `ledger`, `looked`, `gold`, `renewal`, `ship`, `attest`, `review` and `diff` what
//! a repository has accepted and who may change it.
#![expect(
    clippy::disallowed_methods,
    reason = "the tests make projects, start the program in them and look at what is left"
)]

mod accepted;
mod again;
mod approximate;
mod arguments;
mod attest;
mod baseline;
mod bench;
mod blocks;
mod calibrations;
mod candidate;
mod data;
mod demo;
mod detection;
mod diff;
mod display;
#[cfg(unix)]
mod elsewhere;
mod exit_codes;
mod explain;
#[cfg(unix)]
mod files;
mod gate;
mod gate_ranks;
mod github;
mod gold;
#[cfg(unix)]
mod growing;
mod harness;
mod help;
mod hostile;
mod import;
mod init;
#[cfg(unix)]
mod input;
#[cfg(unix)]
mod interrupt;
mod iterative;
mod kinds;
mod laid;
mod ledger;
mod lock;
#[cfg(unix)]
mod looked;
mod not_applicable;
#[cfg(feature = "sqlite")]
mod optuna;
mod outputs;
mod page;
mod places;
mod progress;
mod readme;
#[cfg(unix)]
mod recheck;
#[cfg(unix)]
mod recheck_left;
#[cfg(unix)]
mod recheck_or_search;
#[cfg(unix)]
mod renewal;
mod review;
mod selected;
mod ship;
mod shipping;
mod show;
#[cfg(unix)]
mod startup;
mod strict;
mod study;
mod support;
mod tables;
mod tools;
mod trail;
#[cfg(unix)]
mod tried;
mod under_way;
#[cfg(unix)]
mod utilisation;
mod verify;
#[cfg(unix)]
mod walked;
#[cfg(unix)]
mod worker;
#[cfg(unix)]
mod workers;
mod workspace;
