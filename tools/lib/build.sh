# Making dist/: cargo compiles, web/site bundles the wasm and writes the pages, tools/sizes.mjs compresses and weighs.
# shellcheck shell=bash disable=SC2154

# One line that changes when anything does that the site is made of. It names the clone too, because clones may share
# a folder for what they compile.
sources_stamp() {
  {
    printf '%s\n' .cargo/config.toml Cargo.toml Cargo.lock index.html tools/sizes.mjs tools/lib/{build,tools}.sh
    find core/src core/Cargo.toml web -type f
  } | LC_ALL=C sort | tr '\n' '\0' | xargs -0 sha256sum | sha256sum | sed "s|-$|$PWD|"
}

site_is_fresh() { [[ -f dist/index.html && $(cat "$target/lab-site.stamp" 2>/dev/null) == "$(sources_stamp)" ]]; }

# Two lanes: the app's last crate is compiled and linked on one core, which takes most of its time.
build_site() {
  local stamp log compiling
  stamp=$(sources_stamp)
  rm -f "$target/lab-site.stamp"
  need_rust
  need_wasm_target
  need_node
  need_crates
  log=$(mktemp)
  say "compiling the app (4 minutes the first time on two cores, then one)"
  compile_app >"$log" 2>&1 &
  compiling=$!
  # shellcheck disable=SC2064 # its number now, not what the name may mean later
  trap "kill $compiling 2>/dev/null || true" EXIT
  need_wasm_opt
  need_esbuild
  step "compiling what makes the site of it, beside it (4 minutes the first time)" compile_site_program
  trap - EXIT
  if ! wait $compiling; then
    cat "$log" >&2
    rm -f "$log"
    fail "the app does not compile"
  fi
  rm -f "$log"
  say "bundling the wasm, rendering the pages"
  gather_late
  "$target/debug/kafka-lab-site" make "$(wasm_of kafka-lab-web)" "$target/lab-late" "$target/lab-site"
  node tools/sizes.mjs "$target/lab-site"
  rm -rf dist
  mv "$target/lab-site" dist
  printf '%s\n' "$stamp" >"$target/lab-site.stamp"
}

# Each by itself: together the app would get the codecs that the worker is for.
compile_app() {
  cargo_wasm release --package kafka-lab-web --bin kafka-lab-web --features csr
  cargo_wasm worker --package kafka-lab-worker
}

# What is loaded late besides the app's own files: the worker that reads log files and searches.
gather_late() {
  rm -rf "$target/lab-late"
  "$target/debug/kafka-lab-site" worker "$(wasm_of kafka_lab_worker worker)" "$target/lab-late"
}

# Natively: it renders the pages with the app's own views.
compile_site_program() { cargo build --quiet --locked --package kafka-lab-site; }

# cargo_wasm PROFILE WHAT… — compiles for the browser, to the same bytes wherever the clone and cargo's folders lie:
# messages of panics name source files, and a place on this machine is nobody's business. RUSTFLAGS would take the
# place of the flags here and in .cargo/config.toml.
cargo_wasm() {
  local profile=$1
  shift
  env -u RUSTFLAGS -u CARGO_ENCODED_RUSTFLAGS cargo --config "$(remapped_paths)" build --quiet --locked \
    --profile "$profile" --target wasm32-unknown-unknown "$@"
}

# wasm_of NAME [PROFILE]
wasm_of() { printf '%s' "$target/wasm32-unknown-unknown/${2:-release}/$1.wasm"; }

# The flags as cargo's config reads them. Of two folders that a path is in, rustc takes the one named last.
remapped_paths() {
  local home=${CARGO_HOME:-$HOME/.cargo} flags="" folder pair pairs
  pairs=("$PWD=lab" "$target=target" "$home=cargo")
  # One for each registry that crates came from, which may be a mirror.
  for folder in "$home"/registry/src/*/; do pairs+=("${folder%/}=crates"); done
  # Where the standard library's source is installed too, rustc names it there, else like this.
  pairs+=("$(rustc --print sysroot)/lib/rustlib/src/rust=/rustc/$(rustc -vV | sed -n 's/^commit-hash: //p')")
  for pair in "${pairs[@]}"; do
    pair=${pair//\\/\\\\}
    flags+="\"--remap-path-prefix=${pair//\"/\\\"}\", "
  done
  printf 'target.wasm32-unknown-unknown.rustflags = [%s]' "$flags"
}

# What the browser tests compare with: the bare core as wasm, and the same native program.
build_measures() {
  cargo build --quiet --locked --package kafka-lab-measures --bin sample-hashes
  compile_site_program
  cargo_wasm release --package kafka-lab-measures --lib
  "$target/debug/kafka-lab-site" bind "$(wasm_of kafka_lab_measures)" "$target/lab-measures"
}

# The same, compiled as the worker is: what a search costs there.
build_worker_measures() {
  cargo_wasm worker --package kafka-lab-measures --lib
  "$target/debug/kafka-lab-site" bind "$(wasm_of kafka_lab_measures worker)" "$target/lab-worker-measures"
}
