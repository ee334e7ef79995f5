# measures: decoding, encoding, seeking, natively and in the browser
# usage: ./lab bench [NAME [FILTER]]
#
#   NAME     one file of core/benches or tests/benches; or 'browser': seeks, frames, searches in Chromium.
#            Without it, all
#   FILTER   only benchmarks whose name has this in it
# Two noisy runs can't be compared; figures of one run can. What stands beside each other is measured side by side.
source tools/lib/common.sh
source tools/lib/tools.sh
source tools/lib/build.sh

asked_for_help "$@" && { usage; exit; }
name=${1:-}
[[ $# -gt 0 ]] && shift
if [[ -n $name && $name != browser ]]; then
  compgen -G "*/benches/$name.rs" >/dev/null ||
    wrong "there is no benchmark '$name'; there are: $(basename -as .rs -- ./*/benches/*.rs | tr '\n' ' ')browser"
fi

need_rust
if [[ $name != browser ]]; then
  cargo bench --locked --profile native --workspace --features kafka-lab/cli --bench "${name:-*}" -- "$@"
fi
if [[ -z $name || $name == browser ]]; then
  need_build_tools
  need_browser_packages
  need_chromium
  site_is_fresh || build_site
  build_measures
  build_worker_measures
  LAB_TARGET=$target node --test --test-concurrency=1 --test-reporter=spec tests/browser/*.measure.test.mjs
fi
