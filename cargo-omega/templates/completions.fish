
# `cargo omega ...` is completed like `cargo-omega ...`.
complete -c cargo -n __fish_use_subcommand -f -a omega -d "Run calibrations as tests"
complete -c cargo -n "__fish_seen_subcommand_from omega" -f -a "(set -l words (commandline -opc) (commandline -ct); complete -C \"cargo-omega \"(string join ' ' -- \$words[3..]))"
