# runs everything that a change must pass: native, hygiene, the built site in browsers, fuzzing, a real Kafka
# usage: ./lab test [native|site|browser|fuzz|interop]…
#
# Without a word, all five in this order:
#   native   formatting, lints (native and wasm), every Rust test, hygiene among them
#   site     builds dist/ and prints the sizes of its parts
#   browser  the built site in Chromium and in Firefox, and in WebKit where it can be installed
#   fuzz     60 seconds over the kept corpus
#   interop  a real Kafka and the lab read each other's files, where a JDK and Maven are there
# A part that fails does not keep the next one from running, unless that one needs it.
source tools/lib/common.sh
source tools/lib/tools.sh
source tools/lib/build.sh

asked_for_help "$@" && { usage; exit; }
for word in "$@"; do
  case $word in native | site | browser | fuzz | interop) ;; *) wrong "'test' does not know '$word'" ;; esac
done
(($#)) || set -- native site browser fuzz interop

log=$(mktemp)
trap 'rm -f "$log"' EXIT
failed=()
began=$SECONDS

# part WHAT COMMAND… — runs it in a process of its own, in full view.
part() {
  local what=$1 at=$SECONDS
  shift
  printf '\n== %s\n' "$what"
  if ("$@") 2>&1 | tee -a "$log"; then
    printf '== %s: fine, %d s\n' "$what" $((SECONDS - at))
  else
    failed+=("$what")
    printf '== %s: FAILED, %d s\n' "$what" $((SECONDS - at))
    return 1
  fi
}

native() {
  need_rust
  need_wasm_target
  part "formatting" cargo fmt --all --check || true
  part "lints" cargo clippy --quiet --locked --workspace --all-targets --features kafka-lab/cli -- -D warnings || true
  part "lints of the app as the browser gets it" cargo clippy --quiet --locked --package kafka-lab-web \
    --features csr --target wasm32-unknown-unknown -- -D warnings || true
  part "Rust tests" cargo test --quiet --locked --workspace --features kafka-lab/cli --no-fail-fast || true
}

site() { part "the site" bash tools/lab/build.sh || true; }

browser() {
  need_build_tools
  need_browser_packages
  need_chromium
  need_firefox
  want_webkit
  if ! site_is_fresh; then site; fi
  if ! site_is_fresh; then
    failed+=("browser tests: there is no site to look at")
    return
  fi
  part "what the browser tests compare with" build_measures || return 0
  # One file after the other: two browsers at once on two cores make every wait longer. What measures time is a
  # benchmark, which a busy machine may fail: ./lab bench browser.
  local files=()
  for file in tests/browser/*.test.mjs; do [[ $file == *.measure.test.mjs ]] || files+=("$file"); done
  # A test that fails before it closes its browser must not keep the others waiting for ever.
  part "browser tests" env LAB_TARGET="$target" node --test --test-concurrency=1 --test-force-exit \
    --test-reporter=spec "${files[@]}" || true
}

fuzz() { part "fuzzing" bash tools/lab/fuzz.sh --seconds 60 || true; }

interop() { part "a real Kafka" segments_or_none || true; }

# Exit code 3: what it needs is not there, which is no fault of the change.
segments_or_none() {
  local code=0
  bash tools/lab/interop.sh segments || code=$?
  ((code == 3)) || return $code
  say "the tests with a real Kafka are skipped"
}

for word in "$@"; do "$word"; done

# The runners' own closing lines, added up.
count() { grep -hoE "$1" "$log" | grep -oE '[0-9]+' | awk '{ sum += $1 } END { print sum + 0 }' || true; }
passes=$(($(count '^test result: .* [0-9]+ passed' | tail -1) + $(count 'ℹ pass [0-9]+')))
fails=$(($(count ' [0-9]+ failed;') + $(count 'ℹ fail [0-9]+')))
printf '\n%d min %d s\n' $(((SECONDS - began) / 60)) $(((SECONDS - began) % 60))
if ((${#failed[@]})); then
  printf 'failed: %s\n' "${failed[@]}"
  ((fails > 0)) || fails=${#failed[@]}
fi
printf '%d passed, %d failed\n' "$passes" "$fails"
((${#failed[@]} == 0))
