//! The same program under the name that it has where there is no cargo.

fn main() -> std::process::ExitCode {
    cargo_omega::main()
}
