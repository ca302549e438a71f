
# `cargo-omega ...` and `cargo omega ...` are completed like `omega ...`; whatever else `cargo` is given goes to what completed it before.
complete -F _omega -o bashdefault -o default cargo-omega
_cargo_omega_before=$(complete -p cargo 2>/dev/null)
_cargo_or_omega() {
    if [[ ${COMP_WORDS[1]-} == omega && $COMP_CWORD -gt 1 ]]; then
        COMP_WORDS=(omega "${COMP_WORDS[@]:2}")
        COMP_CWORD=$((COMP_CWORD - 1))
        _omega omega "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        return
    fi
    if [[ -z $_cargo_omega_before ]]; then
        # bash-completion loads the completion of a command when it is first asked for, and this one stood in its place.
        complete -r cargo
        _comp_load cargo 2>/dev/null || _completion_loader cargo 2>/dev/null
        _cargo_omega_before=$(complete -p cargo 2>/dev/null)
        complete -F _cargo_or_omega -o bashdefault -o default cargo
    fi
    if [[ $_cargo_omega_before =~ -F\ ([^ ]+) && ${BASH_REMATCH[1]} != _cargo_or_omega ]]; then
        "${BASH_REMATCH[1]}" "$@"
    fi
    if [[ $COMP_CWORD -eq 1 && omega == "${COMP_WORDS[1]-}"* ]]; then
        COMPREPLY+=(omega)
    fi
}
complete -F _cargo_or_omega -o bashdefault -o default cargo
