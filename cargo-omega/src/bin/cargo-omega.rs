//! The subcommand, as cargo finds it.

fn main() -> std::process::ExitCode {
    cargo_omega::main()
}
