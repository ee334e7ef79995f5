# feeds random bytes to everything that reads foreign bytes
# usage: ./lab fuzz [--seconds N | --runs N] [TARGET…]
#
#   --seconds N   so long over all targets together (60 without either)
#   --runs N      so many inputs for each target
#   TARGET        only these; without one, all. './lab fuzz --list' names them
#
# It starts from the kept corpus in fuzz/corpus/TARGET. An input that fails is kept in fuzz/artifacts/TARGET.
source tools/lib/common.sh
source tools/lib/tools.sh

seconds=60 runs="" targets=()
asked_for_help "$@" && { usage; exit; }
mapfile -t known < <(sed -n '/^\[\[bin\]\]/,/^$/s/^name = "\(.*\)"/\1/p' fuzz/Cargo.toml)
while (($#)); do
  case $1 in
    --list) printf '%s\n' "${known[@]}"; exit ;;
    --seconds | --runs)
      [[ ${2:-} =~ ^[1-9][0-9]{0,11}$ ]] || wrong "$1 takes a number above 0, found '${2:-}'"
      if [[ $1 == --runs ]]; then runs=$2; else seconds=$2; fi
      shift
      ;;
    -*) wrong "'fuzz' does not know '$1'" ;;
    *)
      [[ " ${known[*]} " == *" $1 "* ]] || wrong "there is no target '$1'; there are: ${known[*]}"
      targets+=("$1")
      ;;
  esac
  shift
done
((${#targets[@]})) || targets=("${known[@]}")
((${#targets[@]})) || fail "fuzz/Cargo.toml names no target"

need_rust
need_nightly
need_cargo_fuzz
# Without the address sanitizer: the targets are safe Rust and count their memory themselves (fuzz/src/lib.rs), and
# the inputs come several times as fast.
how=(--sanitizer none --target-dir "$target/fuzz")
step "compiling the fuzz targets (2 minutes the first time)" \
  cargo +nightly fuzz build "${how[@]}"

if [[ -n $runs ]]; then
  limit=-runs=$runs
else
  limit=-max_total_time=$(((seconds + ${#targets[@]} - 1) / ${#targets[@]}))
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for name in "${targets[@]}"; do
  began=$SECONDS
  say "$name: ${limit#-}"
  mkdir -p "$scratch/$name" "fuzz/corpus/$name"
  # What it finds goes to the scratch folder, which is named first: the kept corpus is chosen by hand.
  if ! cargo +nightly fuzz run "${how[@]}" "$name" "$scratch/$name" "fuzz/corpus/$name" -- \
    "$limit" -print_final_stats=1 -verbosity=0 >"$scratch/log" 2>&1; then
    tail -60 "$scratch/log" >&2
    fail "$name found an input that fails; it is kept under fuzz/artifacts/$name"
  fi
  inputs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$scratch/log")
  [[ -n $inputs ]] || fail "$name did not say how many inputs it ran"
  say "$name: $inputs inputs in $((SECONDS - began)) s, no failure"
done
