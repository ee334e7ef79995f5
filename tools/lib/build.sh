# Making dist/: Trunk bundles the wasm, web/site writes the pages, tools/sizes.mjs compresses and weighs them.
# shellcheck shell=bash disable=SC2154

# One line that changes when anything does that the site is made of. It names the clone too, because clones may share
# a folder for what they compile.
sources_stamp() {
  {
    printf '%s\n' .cargo/config.toml Cargo.toml Cargo.lock Trunk.toml index.html tools/sizes.mjs \
      tools/lib/{build,tools}.sh
    find core/src core/Cargo.toml web -type f
  } | LC_ALL=C sort | tr '\n' '\0' | xargs -0 sha256sum | sha256sum | sed "s|-$|$PWD|"
}

site_is_fresh() { [[ -f dist/index.html && $(cat "$target/lab-site.stamp" 2>/dev/null) == "$(sources_stamp)" ]]; }

# Two lanes, because compiling a tool and compiling the app each leave a core idle for a while.
build_site() {
  local stamp log compiling
  stamp=$(sources_stamp)
  rm -f "$target/lab-site.stamp"
  need_rust
  need_wasm_target
  need_node
  log=$(mktemp)
  say "compiling the app (3 minutes the first time on two cores, then half of one)"
  compile_app >"$log" 2>&1 &
  compiling=$!
  # shellcheck disable=SC2064 # its number now, not what the name may mean later
  trap "kill $compiling 2>/dev/null || true" EXIT
  need_build_tools
  trap - EXIT
  if ! wait $compiling; then
    cat "$log" >&2
    rm -f "$log"
    fail "the app does not compile"
  fi
  rm -f "$log"
  step "bundling the wasm" env -u NO_COLOR trunk build --offline --skip-version-check --dist "$target/lab-bundle"
  "$target/debug/kafka-lab-site" "$target/lab-bundle" "$target/lab-late" "$target/lab-site"
  node tools/sizes.mjs "$target/lab-site"
  rm -rf dist
  mv "$target/lab-site" dist
  printf '%s\n' "$stamp" >"$target/lab-site.stamp"
}

# As Trunk will ask for it, so that Trunk finds it done; and natively, to render the pages.
compile_app() {
  cargo build --quiet --locked --release --target wasm32-unknown-unknown --manifest-path web/Cargo.toml \
    --bin kafka-lab-web --features csr &&
    cargo build --quiet --locked --package kafka-lab-site
}

# What the browser tests compare with: the bare core as wasm, and the same native program.
build_measures() {
  cargo build --quiet --locked --package kafka-lab-measures --bin sample-hashes
  cargo build --quiet --locked --release --package kafka-lab-measures --lib --target wasm32-unknown-unknown
  wasm-bindgen --target web --no-typescript --out-dir "$target/lab-measures" \
    "$target/wasm32-unknown-unknown/release/kafka_lab_measures.wasm"
}
