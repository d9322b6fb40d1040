# shellcheck shell=bash
# What every script here says, and how it ends. Exit codes: README.md.

say() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
}

die() { # die CODE MESSAGE...
    local code=$1
    shift
    say "$@"
    exit "$code"
}

cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/sluice/rxe

cached() { # cached NAME INPUTS BUILDER: prints the folder that BUILDER fills, made once for the same INPUTS and BUILDER
    local name=$1 builder=$3 folder making
    folder=$cache/$name-$({ printf '%s\n' "$2" && declare -f "$builder"; } | sha256sum | cut -c 1-16)
    if [ ! -e "$folder" ]; then
        mkdir -p "$cache"
        # A second builder waits here and then finds the folder; a rename shows it whole or not at all.
        exec {lock}>"$cache/$name.lock"
        flock "$lock"
        if [ ! -e "$folder" ]; then
            find "$cache" -mindepth 1 -maxdepth 1 -type d -mtime +30 -exec rm -rf {} +
            making=$(mktemp -d "$cache/.making-$name-XXXXXX")
            if ! "$builder" "$making" >"$making.log" 2>&1 {lock}>&-; then
                rm -rf "$making"
                tail -n 5 "$making.log" >&2
                die 3 "cannot make the $name part of the machines; the whole log: $making.log"
            fi
            rm -f "$making.log"
            mv -T "$making" "$folder"
        fi
        exec {lock}>&-
    fi
    touch "$folder" # what was not used for a month is swept away above
    printf '%s\n' "$folder"
}
