# measures: decoding, encoding, seeking, natively and in one run
# usage: ./lab bench [FILTER]
#
# Two noisy runs can't be compared; figures of one run can. What stands beside each other is measured side by side.
source tools/lib/common.sh
source tools/lib/tools.sh

asked_for_help "$@" && { usage; exit; }
need_rust
exec cargo bench --locked --profile native --workspace --features kafka-lab/cli --bench '*' -- "$@"
