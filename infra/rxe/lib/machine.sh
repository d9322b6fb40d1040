# shellcheck shell=bash
# One emulated machine: how QEMU is started, spoken to and ended.

accelerator() { # sets accelerator: KVM where this very kernel boots on it, else emulation in software
    local cpu answer
    accelerator=(-accel "tcg,thread=multi,tb-size=512" -cpu max)
    [ -r /dev/kvm ] && [ -w /dev/kvm ] || return 0
    cpu=$(grep -m 1 '^model name' /proc/cpuinfo)
    answer=$(cached kvm "$kernel_package $(uname -r) $cpu $(qemu-system-x86_64 --version)" probe_kvm) || exit
    [ "$(cat "$answer/works")" = no ] || accelerator=(-accel kvm -cpu host)
}

probe_kvm() { # a /dev/kvm that is there can still be unable to boot a stock kernel, as inside some virtual machines
    local works=no
    timeout -k 1 10 qemu-system-x86_64 -accel kvm -cpu host -m 1024 -nodefaults -no-reboot -display none \
        -kernel "$image/vmlinuz" -initrd "$image/initrd" -append "console=ttyS0 panic=-1 no_timer_check sluice.probe" \
        -serial "file:$1/console" </dev/null || true
    ! grep -qs 'this was only a probe' "$1/console" || works=yes
    printf '%s\n' "$works" >"$1/works"
}

start_machine() { # start_machine NUMBER COMMAND-FILE: prints its output with a prefix; its words go to the events
    local number=$1 other=$((3 - $1)) network=() shares=() i options
    if [ "$machines" = 2 ]; then
        network=(-netdev "dgram,id=wire,local.type=unix,local.path=$run/wire$number,remote.type=unix,remote.path=$run/wire$other")
    else
        network=(-netdev "hubport,id=wire,hubid=0")
    fi
    for i in "${!mounts[@]}"; do
        options=security_model=none,multidevs=remap
        [ "${mount_modes[i]}" = rw ] || options+=,readonly=on
        shares+=(-virtfs "local,path=${mounts[i]//,/,,},mount_tag=share$i,$options")
    done
    mkfifo "$run/control$number.in" "$run/control$number.out" "$run/output$number"
    listen_to "$number" &
    show_output "$number" <"$run/output$number" &
    # Killed with this script, whatever it is that ends it.
    setpriv --pdeathsig KILL qemu-system-x86_64 "${accelerator[@]}" -m "$memory" -smp "$smp" \
        -nodefaults -no-reboot -display none -kernel "$image/vmlinuz" -initrd "$image/initrd" \
        -append "console=ttyS0 ignore_loglevel panic=-1 mitigations=off nowatchdog no_timer_check sluice.id=$number" \
        -fw_cfg "name=opt/dev.sluice/setup,file=$run/setup" -fw_cfg "name=opt/dev.sluice/command,file=$2" \
        "${network[@]}" -device "virtio-net-pci,netdev=wire,romfile=,mac=52:54:00:00:00:0$number" "${shares[@]}" \
        -serial "file:$logs/dmesg-$number.log" \
        -chardev "pipe,id=control,path=$run/control$number" -serial chardev:control \
        -chardev stdio,id=output,signal=off -device virtio-serial-pci -device virtconsole,chardev=output \
        </dev/null >"$run/output$number" 2>"$logs/qemu-$number.log" &
    pids[number]=$!
}

show_output() {
    tee "$logs/output-$1.log" | sed -u "s/^/[$1] /"
}

listen_to() { # QEMU holds the pipe open as long as it lives
    local line
    while read -r line; do
        printf '%s %s\n' "$1" "$line" >>"$run/events"
    done <"$run/control$1.out"
    printf '%s gone\n' "$1" >>"$run/events"
}

tell_stop() { # its command is stopped, then it ends by itself
    say "stopping what runs in machine $1"
    echo stop >"$run/control$1.in"
}

end_machines() { # at once, unless they have ended
    local pid
    for pid in "${pids[@]}"; do
        kill -KILL "$pid" 2>/dev/null || true
    done
    wait 2>/dev/null # bash would tell of each that was killed
}
