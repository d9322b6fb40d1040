# shellcheck shell=bash
# The classes that a module's tests run on, built on the host and put into one folder that machines can share.

build_tests() { # build_tests MODULE
    say "building $1 and its tests"
    (cd "$root" && JAVA_HOME=$jdk ./mvnw --batch-mode --no-transfer-progress --quiet -pl "$1" -am \
        test-compile dependency:build-classpath -Dmdep.outputFile=target/test.classpath) >&2 || die 1 "$1 does not build"
}

stage_classpath() { # stage_classpath MODULE FOLDER: copies every folder and jar, numbered in their order
    local entries entry i=100
    IFS=: read -ra entries <<<"$root/$1/target/test-classes:$root/$1/target/classes:$(cat "$root/$1/target/test.classpath")"
    rm -rf "$2"
    mkdir -p "$2"
    for entry in "${entries[@]}"; do
        [ ! -e "$entry" ] || cp -r "$entry" "$2/$i-$(basename "$entry")"
        i=$((i + 1))
    done
}

staged_classpath() { # staged_classpath FOLDER
    local all
    all=$(printf '%s:' "$1"/*)
    printf '%s' "${all%:}"
}
