# shellcheck shell=bash
# Debian packages as the stuff that machines are made of: chosen, fetched and unpacked, never installed, so without root.

# busybox, not busybox-static, which prefers its own ip and tc to the real ones.
user_packages=(busybox perftest ibverbs-utils rdmacm-utils ibverbs-providers iproute2 zlib1g)

require_debian() {
    local tool
    [ "$(uname -m)" = x86_64 ] || die 3 "the machines are x86-64 and this host is $(uname -m); see infra/rxe/README.md"
    for tool in apt-get apt-cache dpkg-deb flock setpriv sha256sum; do
        command -v "$tool" >/dev/null ||
            die 3 "no $tool here: the machines are made of Debian packages; see infra/rxe/README.md for other hosts"
    done
    command -v qemu-system-x86_64 >/dev/null ||
        die 3 "no QEMU here: sudo apt-get install --no-install-recommends qemu-system-x86"
    qemu-system-x86_64 -netdev help 2>/dev/null | grep -qx dgram ||
        die 3 "$(qemu-system-x86_64 --version | head -n 1) has no '-netdev dgram': QEMU 7.2 or newer is needed"
}

package_lists() { # what changes whenever apt's lists do
    stat -c '%n %Y %s' /var/lib/apt/lists/*Packages* 2>/dev/null || true
}

kernel_package() { # kernel_package 6.1|6.12: the newest plain kernel; cloud and rt kernels have no rdma_rxe
    local name
    name=$(apt-cache pkgnames "linux-image-$1" |
        grep -E "^linux-image-${1//./\\.}\.[0-9.]+(-[0-9]+|\+deb[0-9+]+)-amd64\$" | sort -V | tail -n 1)
    [ -n "$name" ] || die 3 "apt knows no Debian kernel $1: run 'sudo apt-get update', or see infra/rxe/README.md"
    apt-cache show --no-all-versions "$name" | awk '/^Package:/ {p = $2} /^Version:/ {print p "=" $2; exit}'
}

user_closure() { # the packages of the user land with all they depend on, as name=version
    # Against an empty system, so that the answer depends on apt's lists alone. Of the rest of Debian that the
    # dependencies bring along only the libraries matter to programs that are never installed.
    local wanted
    wanted=$(IFS='|' && printf '%s' "${user_packages[*]}")
    LC_ALL=C apt-get -s -o Dir::State::status=/dev/null --no-install-recommends install "${user_packages[@]}" 2>&1 |
        sed -nE "s/^Inst (($wanted)|lib[^ ]*) \(([^ ]+) .*/\1=\3/p"
}

unpack() { # unpack FOLDER NAME=VERSION...
    local folder=$1 debs deb
    shift
    debs=$(mktemp -d "$folder.debs-XXXXXX")
    (cd "$debs" && apt-get -qq -o APT::Sandbox::User=root download "$@") || return
    mkdir -p "$folder"/usr/{bin,sbin,lib,lib64}
    for deb in "$debs"/*.deb; do
        dpkg-deb -x "$deb" "$folder" || return
    done
    rm -rf "$debs"
}

merge_usr() { # merge_usr FOLDER: /bin is /usr/bin and so on, as in an installed Debian
    local top
    for top in bin sbin lib lib64; do
        if [ -d "$1/$top" ]; then
            cp -a "$1/$top/." "$1/usr/$top/" && rm -rf "${1:?}/$top" || return
        fi
        ln -s "usr/$top" "$1/$top"
    done
}
