# The tools: one function each. A tool is taken from PATH if its version fits, else from the user's cache folder,
# else installed there (outside the clone, so that every clone shares it). What only an administrator can install is
# installed when we are one, and named with its command when we are not.
# shellcheck shell=bash disable=SC2154

binaryen_version=132
esbuild_version=0.28.2
# The last that Node 20 runs.
lighthouse_version=12.8.2
node_major_min=20

need_rust() {
  if ! command -v cargo >/dev/null || ! command -v rustc >/dev/null; then
    fail "Rust is missing. Install it with:" \
      "  curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh"
  fi
  local wanted have
  wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
  have=$(rustc --version | cut -d' ' -f2)
  if [[ $(printf '%s\n%s\n' "$wanted" "$have" | sort -V | head -1) != "$wanted" ]]; then
    fail "rustc $wanted or newer is needed, found $have. Install it with: rustup update stable"
  fi
}

need_wasm_target() {
  local libraries
  libraries=$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown
  [[ -d $libraries ]] && return
  command -v rustup >/dev/null ||
    fail "Rust's wasm32-unknown-unknown target is missing, and so is rustup, which would install it." \
      "Install rustup (https://rustup.rs), or your distribution's package of that target."
  step "adding Rust's wasm32 target (half a minute)" rustup target add wasm32-unknown-unknown
}

# What Cargo.lock names, at once: two cargos would wait for each other's downloads.
need_crates() {
  cargo fetch --locked --quiet --target wasm32-unknown-unknown --target "$(rustc -vV | sed -n 's/^host: //p')"
}

need_node() {
  local have
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    apt_install "Node.js" nodejs npm
  fi
  have=$(node --version)
  [[ ${have#v} =~ ^([0-9]+) ]] || fail "node says its version is '$have'"
  ((BASH_REMATCH[1] >= node_major_min)) ||
    fail "Node $node_major_min or newer is needed, found $have. Install it from https://nodejs.org or with nvm."
}

# apt_install WHAT PACKAGE… — as root on Debian and its kin; else the command is named.
apt_install() {
  local what=$1
  shift
  if [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
    step "installing $what with apt (a minute)" \
      bash -c 'apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"' _ "$@"
  else
    fail "$what is missing. On Debian or Ubuntu install it with: sudo apt-get install $*"
  fi
}

# need_cargo_tool PROGRAM VERSION WHAT CARGO-INSTALL-ARGUMENTS… — puts its folder at the head of PATH.
# Built without optimisation: compiling it is what takes the time.
need_cargo_tool() {
  local program=$1 version=$2 what=$3 home=$cache/$1-$2
  shift 3
  if [[ $("$program" --version 2>/dev/null | head -1) == *" $version"* ]]; then return; fi
  if [[ $("$home/bin/$program" --version 2>/dev/null | head -1) != *" $version"* ]]; then
    step "installing $what" cargo_install "$home" "$version" "$@"
  fi
  export PATH="$home/bin:$PATH"
}

# The lock that a crate was published with may name a crate that the registry does not serve; then newer ones do.
# In a shell of its own: what is set here must not reach the app's build.
cargo_install() (
  local home=$1 version=$2
  shift 2
  export CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=64
  export CARGO_TARGET_DIR=$cache/building
  mkdir -p "$cache"
  cargo install --force --root "$home" --version "=$version" --locked "$@" ||
    cargo install --force --root "$home" --version "=$version" "$@"
)

# need_npm_tool PROGRAM VERSION PACKAGE@VERSION WHAT — puts its folder at the head of PATH.
need_npm_tool() {
  local program=$1 version=$2 package=$3 what=$4 home=$cache/$1-$2
  if [[ " $("$program" --version 2>/dev/null | head -1) " == *" $version "* ]]; then return; fi
  if [[ ! -e $home/done ]]; then
    step "installing $program $version, which $what" npm install --no-audit --no-fund --prefix "$home" "$package"
    touch "$home/done"
  fi
  export PATH="$home/node_modules/.bin:$PATH"
}

need_wasm_opt() {
  need_npm_tool wasm-opt "$binaryen_version" "binaryen@$binaryen_version.0.0" \
    "makes the wasm small (half a minute, once)"
}

need_esbuild() {
  need_npm_tool esbuild "$esbuild_version" "esbuild@$esbuild_version" \
    "makes scripts and style sheets small (seconds, once)"
}

need_lighthouse() {
  need_npm_tool lighthouse "$lighthouse_version" "lighthouse@$lighthouse_version" \
    "examines pages (half a minute, once)"
}

# The browser tests' packages, as tests/browser/package-lock.json names them, shared by clones through the cache.
need_browser_packages() {
  need_node
  local home link=tests/browser/node_modules
  home=$cache/browser-$(sha256sum tests/browser/package-lock.json | cut -c1-16)
  if [[ ! -e $home/done ]]; then
    mkdir -p "$home"
    cp tests/browser/package.json tests/browser/package-lock.json "$home"
    step "installing the browser tests' packages (half a minute, once)" npm ci --no-audit --no-fund --prefix "$home"
    touch "$home/done"
  fi
  ln -sfn "$home/node_modules" "$link"
}

need_chromium() { command -v chromium >/dev/null || apt_install Chromium chromium; }

need_firefox() { command -v firefox-esr >/dev/null || apt_install "Firefox ESR" firefox-esr; }

# Not every system has WebKit's driver to install; its tests skip themselves without it.
want_webkit() {
  if command -v WebKitWebDriver >/dev/null && command -v Xvfb >/dev/null; then return; fi
  (apt_install "WebKit's driver, and a screen that nobody sees" webkit2gtk-driver xvfb) ||
    say "the tests in WebKit are skipped"
}

# Everything that `./lab build` needs.
need_build_tools() {
  need_rust
  need_wasm_target
  need_node
  need_wasm_opt
  need_esbuild
}

cargo_fuzz_version=0.13.2

need_cargo_fuzz() {
  need_cargo_tool cargo-fuzz "$cargo_fuzz_version" "cargo-fuzz $cargo_fuzz_version (1 minute on two cores, once)" \
    cargo-fuzz
  rm -rf "$cache/building"
}

cargo_mutants_version=27.1.0

# It answers to its version only as cargo calls it, so its folder, which is named by the version, has to do.
need_cargo_mutants() {
  local home=$cache/cargo-mutants-$cargo_mutants_version
  if [[ ! -x $home/bin/cargo-mutants ]]; then
    step "installing cargo-mutants $cargo_mutants_version (2 minutes on two cores, once)" \
      cargo_install "$home" "$cargo_mutants_version" cargo-mutants
    rm -rf "$cache/building"
  fi
  export PATH="$home/bin:$PATH"
}

# The fuzzer's instruments are in the nightly compiler only.
need_nightly() {
  cargo +nightly --version >/dev/null 2>&1 && return
  command -v rustup >/dev/null || fail "Fuzzing needs Rust's nightly compiler, which rustup installs: https://rustup.rs"
  step "adding Rust's nightly compiler, for fuzzing (a minute)" \
    rustup toolchain install nightly --profile minimal
}

# lacks WHAT… — what only some verbs need and nobody has to have: its own exit code, so that others can do without.
lacks() {
  printf 'lab: %s\n' "$@" >&2
  exit 3
}

jdk_major_min=17

need_jdk() {
  local program have
  for program in javac java; do
    have=$($program -version 2>&1) ||
      lacks "A JDK $jdk_major_min or newer is missing. On Debian or Ubuntu install it with:" \
        "  sudo apt-get install openjdk-17-jdk-headless"
    if [[ ! $have =~ (javac|version)\ \"?([0-9]+) ]] || ((BASH_REMATCH[2] < jdk_major_min)); then
      lacks "A JDK $jdk_major_min or newer is needed; $program -version says: $have"
    fi
  done
}

# The jars that tests/interop/java/pom.xml names: from Maven's own repository if they are there, else from the network.
# Sets kafka_jars.
need_kafka_jars() {
  local pom=tests/interop/java/pom.xml home
  command -v mvn >/dev/null || lacks "Maven is missing. On Debian or Ubuntu install it with: sudo apt-get install maven"
  home=$cache/kafka-$(sha256sum $pom | cut -c1-16)
  kafka_jars=$home/jars
  [[ ! -e $home/done ]] || return 0
  rm -rf "$home"
  say "getting a real Kafka's jars (54 MB, once)"
  copy_jars --offline >/dev/null 2>&1 || copy_jars >&2 || lacks "Maven could not get Kafka's jars"
  touch "$home/done"
}

copy_jars() {
  mvn --quiet --batch-mode "$@" --file "$pom" dependency:copy-dependencies -DoutputDirectory="$kafka_jars"
}
