# Making dist/: Trunk bundles the wasm, web/site writes the pages, tools/sizes.mjs compresses and weighs them.
# shellcheck shell=bash disable=SC2154

# One line that changes when anything does that the site is made of.
sources_stamp() {
  {
    printf '%s\n' Cargo.toml Cargo.lock Trunk.toml index.html tools/lib/build.sh tools/lib/tools.sh tools/sizes.mjs
    find core/src core/Cargo.toml web -type f -not -name '*.md'
  } | LC_ALL=C sort | tr '\n' '\0' | xargs -0 sha256sum | sha256sum | cut -d' ' -f1
}

site_is_fresh() { [[ -f dist/index.html && $(cat "$target/lab-site.stamp" 2>/dev/null) == "$(sources_stamp)" ]]; }

build_site() {
  local stamp
  stamp=$(sources_stamp)
  need_build_tools
  rm -f "$target/lab-site.stamp"
  step "compiling what renders the pages (2 minutes the first time, then seconds)" \
    cargo build --quiet --locked --package kafka-lab-site
  step "compiling the app to wasm (2 minutes the first time on two cores, then half of one)" \
    env -u NO_COLOR trunk build --offline --skip-version-check --dist "$target/lab-bundle"
  "$target/debug/kafka-lab-site" "$target/lab-bundle" "$target/lab-late" "$target/lab-site"
  node tools/sizes.mjs "$target/lab-site"
  rm -rf dist
  mv "$target/lab-site" dist
  printf '%s\n' "$stamp" >"$target/lab-site.stamp"
}

# What the browser tests compare with: the bare core as wasm, and the same native program.
build_measures() {
  cargo build --quiet --locked --package kafka-lab-measures --bin sample-hashes
  cargo build --quiet --locked --release --package kafka-lab-measures --lib --target wasm32-unknown-unknown
  wasm-bindgen --target web --no-typescript --out-dir "$target/lab-measures" \
    "$target/wasm32-unknown-unknown/release/kafka_lab_measures.wasm"
}
