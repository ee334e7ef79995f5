# plays random runs full of faults and checks every promise after every step
# usage: ./lab soak --seeds A..B [--steps N] [--progress RUNS]
#
#   --seeds A..B      a run for each seed, B not among them
#   --steps N         steps of each run; 200 if it is not given
#   --progress RUNS   says how far it is each time so many runs are done
#
# One core, some hundred thousand steps a second. Interrupted, it says the seed to go on from.
# Exit code 1: a promise was broken although its premises were kept; the script that does it is printed.
source tools/lib/common.sh
source tools/lib/tools.sh

asked_for_help "$@" && { usage; exit; }
(($#)) || wrong "which seeds? --seeds 0..10000"
exec bash tools/lab/cli.sh soak "$@"
