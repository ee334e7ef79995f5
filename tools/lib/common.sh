# What every verb starts with: where things are, how to say things, how to fail.
# shellcheck shell=bash
set -euo pipefail

# The verbs run in the clone's root; file names that the person gives mean the folder they stand in.
came_from=${LAB_CAME_FROM:-$PWD}
target=${CARGO_TARGET_DIR:-target}
[[ $target == /* ]] || target=$PWD/$target
cache=${XDG_CACHE_HOME:-$HOME/.cache}/kafka-lab
export PATH="$PATH:$HOME/.cargo/bin"

say() { printf '%s\n' "· $*"; }

# fail WHAT… — the environment or a step is to blame.
fail() {
  printf 'lab: %s\n' "$@" >&2
  exit 1
}

# wrong WHAT — the person's words are to blame; the verb's usage follows.
wrong() {
  printf 'lab: %s\n' "$1" >&2
  usage >&2
  exit 2
}

# usage — the comment block at the head of the verb's file, without its first line.
usage() { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"; }

# asked_for_help ARGS… — true if one of them is --help.
asked_for_help() {
  local word
  for word in "$@"; do case $word in -h | --help) return 0 ;; esac; done
  return 1
}

# step "what, about how long" COMMAND… — runs it, shows its output only when it fails, says how long it took.
step() {
  local what=$1 log began
  shift
  log=$(mktemp)
  began=$SECONDS
  say "$what"
  if ! "$@" >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    fail "failed after $((SECONDS - began)) s: $what"
  fi
  rm -f "$log"
  ((SECONDS - began < 3)) || say "  done in $((SECONDS - began)) s"
}
