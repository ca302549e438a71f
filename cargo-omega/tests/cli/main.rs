//! The built `cargo omega`, driven in temporary projects.
//!
//! One file per promise: `arguments` what may be typed and whom it reaches, `workspace` which packages are meant,
//! `detection` which targets are harnesses, `exit_codes` what a script may rely on, `display` what is shown and kept.
#![expect(
    clippy::disallowed_methods,
    reason = "the tests make projects, start the program in them and look at what is left"
)]

mod arguments;
mod bench;
mod calibrations;
mod demo;
mod detection;
mod display;
mod exit_codes;
mod gate;
mod harness;
mod iterative;
mod kinds;
mod show;
mod strict;
mod support;
mod trail;
mod verify;
mod workspace;
