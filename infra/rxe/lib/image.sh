# shellcheck shell=bash
# What a machine boots: a kernel, and an initial RAM file system glued together from parts that are cached apart, as an
# initramfs may be several archives one after the other.

# Without crc32 modules rdma_rxe only says "failed to add".
modules=(crc32_generic crc32_pclmul crc32c_generic virtio_pci virtio_net virtio_console qemu_fw_cfg
    9p 9pnet_virtio ib_uverbs rdma_ucm rdma_rxe sch_netem sch_ingress cls_matchall act_gact)

java_modules=java.base,java.instrument,java.logging,java.management,java.naming,java.net.http,java.xml
java_modules+=,jdk.attach,jdk.jcmd,jdk.jfr,jdk.management,jdk.net,jdk.unsupported

archive() { # archive FOLDER FILE
    (cd "$1" && find . | "$busybox" cpio -o -H newc -R 0:0 2>/dev/null) >"$2"
}

make_user() {
    local root=$1/root name
    # shellcheck disable=SC2086 # a list of packages
    unpack "$root" $user_closure || return
    merge_usr "$root" || return
    (cd "$root" && rm -rf usr/share var usr/lib/x86_64-linux-gnu/{gconv,security} usr/lib/{tmpfiles.d,systemd}) || return
    mkdir -p "$root"/{proc,sys,dev,tmp,root,job}
    for name in $("$root/bin/busybox" --list); do
        [ -e "$root/usr/bin/$name" ] || [ -e "$root/usr/sbin/$name" ] || ln -s busybox "$root/usr/bin/$name"
    done
    cp "$root/bin/busybox" "$1/busybox" && busybox=$1/busybox
    archive "$root" "$1/part.cpio" && rm -rf "$root"
}

make_kernel() {
    local tree=$1/tree version wanted
    unpack "$tree" "$kernel_package" || return
    merge_usr "$tree" || return
    version=$(basename "$tree"/lib/modules/*)
    cp "$tree/boot/vmlinuz-$version" "$1/vmlinuz"
    find "$tree/lib/modules" -name '*.ko.xz' -exec "$busybox" unxz {} +
    "$busybox" depmod -b "$tree" "$version" || return
    mkdir -p "$1/root/usr/lib/modules/$version"
    for wanted in "${modules[@]}"; do
        with_dependencies "$tree/lib/modules/$version" "$wanted"
    done | awk '!seen[$0]++' >"$1/files" || return
    (cd "$tree/lib/modules/$version" && xargs cp --parents -t "$1/root/usr/lib/modules/$version" <"$1/files") || return
    mkdir "$1/root/job"
    sed "s|^|/lib/modules/$version/|" "$1/files" >"$1/root/job/modules"
    archive "$1/root" "$1/part.cpio" && rm -rf "$tree" "$1/root"
}

with_dependencies() { # with_dependencies MODULES-FOLDER MODULE: the files to load, in order; nothing when it is built in
    local line deps i
    line=$(grep -E "(^|/)$(name_pattern "$2")\.ko:" "$1/modules.dep" | head -n 1)
    if [ -z "$line" ]; then
        grep -qE "/$(name_pattern "$2")\.ko\$" "$1/modules.builtin" || say "this kernel has no module $2"
        return
    fi
    read -ra deps <<<"${line#*:}"
    # A module's dependencies stand there nearest first.
    for ((i = ${#deps[@]} - 1; i >= 0; i--)); do
        printf '%s\n' "${deps[i]}"
    done
    printf '%s\n' "${line%%:*}"
}

name_pattern() { # crc32_pclmul lies in crc32-pclmul.ko
    printf '%s' "${1//_/[_-]}"
}

make_java() { # kept as it is: the host runs it, too, to make caches of classes for the machines
    "$jdk/bin/jlink" --add-modules "$java_modules" --no-header-files --no-man-pages --generate-cds-archive \
        --output "$1/root/jre" || return
    rm -rf "$1/root/jre/legal" "$1"/root/jre/lib/server/*_nocoops.jsa # machines have far less than 32 GiB
}

prepare_java() { # sets java, whose root/jre is the machines' Java runtime
    java=$(cached java "$(cat "$jdk/release") $java_modules" make_java) || exit
}

make_image() {
    mkdir -p "$1/root/usr/bin" "$1/root/etc"
    cp "$here/guest/init" "$1/root/init"
    cp "$here/guest/meet" "$here/guest/listening" "$here/guest/power-off" "$1/root/usr/bin/"
    cp "$here/guest/hosts" "$1/root/etc/hosts"
    archive "$1/root" "$1/guest.cpio" && archive "$java/root" "$1/java.cpio" || return
    cat "$user/part.cpio" "$1/java.cpio" "$kernel/part.cpio" "$1/guest.cpio" >"$1/initrd"
    ln "$kernel/vmlinuz" "$1/vmlinuz"
    rm -rf "$1/root" "$1/guest.cpio" "$1/java.cpio"
}

prepare_image() { # prepare_image 6.1|6.12: sets image, the folder of vmlinuz and initrd
    local plan helpers
    helpers=$(declare -f unpack merge_usr archive with_dependencies name_pattern kernel_package user_closure)
    [ -n "$(package_lists)" ] || die 3 "apt has no package lists: run 'sudo apt-get update' first"
    kernel_lane=$1
    plan=$(cached plan "$1 ${user_packages[*]} $(package_lists) $helpers" make_plan) || exit
    kernel_package=$(cat "$plan/kernel") user_closure=$(cat "$plan/user")
    user=$(cached user "$user_closure $helpers" make_user) || exit
    busybox=$user/busybox
    kernel=$(cached kernel "$kernel_package ${modules[*]} $helpers" make_kernel) || exit
    prepare_java
    image=$(cached image "$user $kernel $java $(cat "$here"/guest/*)" make_image) || exit
}

make_plan() { # asking apt takes seconds, so its answer is kept as long as its lists are the same
    kernel_package "$kernel_lane" >"$1/kernel" && user_closure >"$1/user" && [ -s "$1/user" ]
}
