# shellcheck shell=bash
# Whether a kernel complained.

# Said at every healthy start, as patterns of whole messages. Nothing else is excused.
benign='^$'

# The first line of a kernel's log that says that something is broken, even when every command was content.
kernel_complaint() { # kernel_complaint LOG
    grep -aE 'WARNING|\bBUG\b|\bOops\b|refcount|general protection fault|blocked for more than|Kernel panic' "$1" |
        grep -avE "$benign" | head -n 1
}
