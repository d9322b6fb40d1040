# shellcheck shell=sh
# Finds a JDK for the scripts that need one. They define say and die first.

need=25

jdk_major() { # prints the feature version of the JDK at $1; nothing when there is none
    [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 0
    if [ -r "$1/release" ]; then
        sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9]*\).*/\1/p' "$1/release"
    else
        "$1/bin/java" -version 2>&1 | sed -n '1s/.*version "\([0-9]*\).*/\1/p'
    fi
}

jdk_usable() {
    major=$(jdk_major "$1")
    [ -n "$major" ] && [ "$major" -ge "$need" ]
}

find_jdk() { # sets jdk, or ends
    if [ -n "${SLUICE_JAVA_HOME:-}" ]; then
        jdk=$SLUICE_JAVA_HOME
        jdk_usable "$jdk" || die 3 "SLUICE_JAVA_HOME=$jdk is not a JDK $need or newer"
        return
    fi
    on_path=$(command -v java || true)
    [ -z "$on_path" ] || on_path=$(dirname -- "$(dirname -- "$(readlink -f -- "$on_path")")")
    for jdk in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/* /opt/* "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/*; do
        if [ -n "$jdk" ] && jdk_usable "$jdk"; then
            return
        fi
    done
    die 3 "no JDK $need or newer found: install one (Temurin, or your distribution's openjdk-$need-jdk) or set" \
        "SLUICE_JAVA_HOME; looked at JAVA_HOME (${JAVA_HOME:-not set}), java on the PATH (${on_path:-none})," \
        "/usr/lib/jvm/*, /opt/*, ~/.sdkman/candidates/java/*, ~/.jdks/*"
}
