# runs the command-line program: dump, verify, run and what its own help lists
# usage: ./lab cli ARGUMENT…
#
# File names mean the folder that you stand in. './lab cli help' prints the program's own help.
source tools/lib/common.sh
source tools/lib/tools.sh

need_rust
program=$target/native/kafka-lab
if [[ ! -x $program ]]; then say "compiling the command-line program (a minute, once)" >&2; fi
cargo build --quiet --locked --profile native --package kafka-lab --features cli --bin kafka-lab
cd "$came_from"
exec "$program" "$@"
