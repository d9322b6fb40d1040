# shellcheck shell=bash
# The classes that a module's tests run on, built on the host and put into one folder that machines can share.

build_tests() { # build_tests MODULE
    say "building $1 and its tests"
    (cd "$root" && JAVA_HOME=$jdk ./mvnw --batch-mode --no-transfer-progress --quiet -pl "$1" -am \
        test-compile dependency:build-classpath -Dmdep.outputFile=target/test.classpath) >&2 || die 1 "$1 does not build"
}

stage_classpath() { # stage_classpath MODULE FOLDER: every folder and jar as a jar, numbered in their order
    local entries entry i=100
    [ -e "$root/$1/target/test.classpath" ] || die 2 "$1 is not built with its tests; leave --no-build out"
    IFS=: read -ra entries <<<"$root/$1/target/test-classes:$root/$1/target/classes:$(cat "$root/$1/target/test.classpath")"
    rm -rf "$2"
    mkdir -p "$2"
    for entry in "${entries[@]}"; do
        if [ -d "$entry" ]; then
            "$jdk/bin/jar" --create --no-compress --file "$2/$i-$(basename "$(dirname "$(dirname "$entry")")").jar" -C "$entry" .
        elif [ -e "$entry" ]; then
            cp -p "$entry" "$2/$i-$(basename "$entry")"
        fi
        i=$((i + 1))
    done
}

staged_classpath() { # staged_classpath FOLDER
    local all
    all=$(printf '%s:' "$1"/*.jar)
    printf '%s' "${all%:}"
}

# Without the first two a machine without KVM spends longer on finding the tests than on running them, as nobody compiles
# twice and no thread collects garbage beside the tests.
machine_flags=(-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -ea --enable-native-access=ALL-UNNAMED
    --illegal-native-access=deny)

stage_cache() { # stage_cache FOLDER MAIN-CLASS ARGUMENT...: runs it once on this host, so that its classes come linked
    local folder=$1
    shift
    prepare_java
    "$java/root/jre/bin/java" "${machine_flags[@]}" "-XX:AOTCacheOutput=$folder/classes.aot" \
        -cp "$(staged_classpath "$folder")" "$@" >"$folder/cache.log" 2>&1 || true
    [ -s "$folder/classes.aot" ] || die 1 "no cache of classes was made; see $folder/cache.log"
    machine_flags+=("-XX:AOTCache=$folder/classes.aot")
}
