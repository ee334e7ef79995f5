# changes the rules and the codec one operator at a time, and tells which changes no test sees
# usage: ./lab mutants [--list] [--resume] [--shard K/N] [FILE…]
#
#   FILE          only this file's mutants; without one, those of all files that .cargo/mutants.toml names
#   --shard K/N   every N-th mutant, from the K-th on (0/4, 1/4, 2/4, 3/4 are all of them)
#   --resume      goes on where a run broke off: a mutant that has been judged is not judged again
#   --list        names the mutants, and tries none
#
# A mutant lives on if every test still passes: first the quick ones of its file, then, for what those miss, all that
# know the core's rules and bytes. tests/mutants/survivors.md lists those that may, each with its reason;
# one that is not listed fails the run. A minute for 25 mutants, more or less; the whole takes half an hour.
source tools/lib/common.sh
source tools/lib/tools.sh

asked_for_help "$@" && { usage; exit; }
listed=tests/mutants/survivors.md
home=$target/mutants
list=no resume=no shard=0/1 files=()
while (($#)); do
  case $1 in
    --list) list=yes ;;
    --resume) resume=yes ;;
    --shard)
      [[ ${2:-} =~ ^(0|[1-9][0-9]{0,3})/([1-9][0-9]{0,3})$ ]] && ((BASH_REMATCH[1] < BASH_REMATCH[2])) ||
        wrong "--shard takes K/N with K below N, found '${2:-}'"
      shard=$2
      shift
      ;;
    -*) wrong "'mutants' does not know '$1'" ;;
    *)
      [[ -f $1 ]] || wrong "there is no file '$1'"
      files+=("$1")
      ;;
  esac
  shift
done

need_rust
need_cargo_mutants

# names — of each mutant a line "key, tab, name", the name as cargo-mutants has it. The key has no line number, so that
# it outlives a change elsewhere in the file; of several that read the same in one file, the later ones are numbered.
names() {
  cargo mutants --list |
    awk '{ key = $0; sub(/:[0-9]+:[0-9]+:/, ":", key); n = ++seen[key]; print key (n > 1 ? " #" n : "") "\t" $0 }'
}

# asked_for — of such lines those of the files that were asked for.
asked_for() { if ((${#files[@]})); then grep -F "${files[@]/#/-e}"; else cat; fi; }

if [[ $list == yes ]]; then
  names | asked_for | cut -f1
  exit
fi

# harvest — moves what cargo-mutants has found out into $home/judged: a line "outcome, tab, key" for each mutant.
# What the quick tests miss, the thorough ones still have to try.
harvest() {
  local outcome out found
  for out in quick thorough; do
    for outcome in caught timeout unviable missed; do
      [[ $out == quick && $outcome == missed ]] && continue
      found=$home/$out/mutants.out/$outcome.txt
      [[ -f $found ]] || continue
      awk -F '\t' -v outcome="${outcome/timeout/caught}" \
        'FILENAME == ARGV[1] { key[$2] = $1; next } $0 in key { print outcome "\t" key[$0] }' "$home/names" "$found"
    done
  done >>"$home/judged"
  rm -rf "$home/quick" "$home/thorough"
}

# to_do — of the wanted lines those that nobody has judged.
to_do() { awk -F '\t' 'FILENAME == ARGV[1] { judged[$2] = 1; next } !($1 in judged)' "$home/judged" "$home/wanted"; }

# try OUT FILES ARGS… — tries what is to do in the files of that pattern, with the tests that the arguments choose.
# A mutant that takes a field out of a struct's expression is tried whether it is chosen or not, with its file.
try() {
  local out=$1 pattern=$2 exit=0 chosen
  shift 2
  to_do | cut -f2 | grep -E "^$pattern" >"$home/chosen" || return 0
  say "$pattern, $(wc -l <"$home/chosen") mutants, $out tests"
  mapfile -t chosen < <(
    cut -d: -f1 "$home/chosen" | uniq | sed 's/^/--file=/'
    sed -e 's/[][\\.*^$+?(){}|]/\\&/g' -e 's/^/--re=^/' -e 's/$/$/' "$home/chosen"
  )
  mkdir -p "$home/$out"
  (cd "$home/tree" && CARGO_TARGET_DIR=$home/build cargo mutants --no-config --profile mutants --in-place \
    --minimum-test-timeout 20 --colors never --output "$home/$out" "${chosen[@]}" "$@") || exit=$?
  # 2: some were missed, 3: some ran for ever.
  case $exit in 0 | 2 | 3) ;; *) fail "cargo-mutants ended with $exit" ;; esac
  harvest
}

mkdir -p "$home"
touch "$home/judged" "$home/names"
harvest
trap harvest EXIT
names >"$home/names"
asked_for <"$home/names" | awk -v k="${shard%/*}" -v n="${shard#*/}" '(NR - 1) % n == k' >"$home/wanted"
if [[ $resume == no ]]; then
  awk -F '\t' 'FILENAME == ARGV[1] { wanted[$1] = 1; next } !($2 in wanted)' \
    "$home/wanted" "$home/judged" >"$home/others"
  mv "$home/others" "$home/judged"
fi

# In a copy, so that nobody's work is changed under their hands; always in the same place, so that it compiles quickly.
# As new: what a run that broke off had compiled last may be a mutant.
rm -rf "$home/tree"
mkdir -p "$home/tree"
git ls-files -z --cached --others --exclude-standard |
  tar --create --null --files-from - --ignore-failed-read 2>/dev/null | tar --extract --touch --directory "$home/tree"

core=(--test-package kafka-lab -C--features=kafka-lab/codecs)
all=(--test-package kafka-lab -C--package=kafka-lab-tests -C--features=kafka-lab/cli -C--lib -C--test=vectors
  -C--test=batches -C--test=compressed -C--test=conformance)
# Of the conformance tests, what is quick unoptimised: what Kafka's classes answered, and the fixtures' bytes.
all_but=(--skip bombs --skip dump:: --skip findings:: --skip program:: --skip recovery::)
try quick core/src/rules/ "${core[@]}" -C--lib -- -- rules::
try quick 'core/src/bytes/(batch|control|record)' "${core[@]}" -C--test=batches -C--test=vectors
try quick core/src/bytes/ "${core[@]}" -C--lib -- -- bytes:: log::
try quick core/src/bytes/record "${core[@]}" -C--test=compressed
try thorough core/src/ "${all[@]}" -- -- "${all_but[@]}"

# What came of them, held against the list.
sed -n 's/^- `\([^`]*\)`:.*/\1/p' "$listed" >"$home/listed"
awk -F '\t' 'FILENAME == ARGV[1] { outcome[$2] = $1; next } { print outcome[$1] "\t" $1 }' \
  "$home/judged" "$home/wanted" \
  >"$home/outcomes"
count() { grep -c "^$1"$'\t' "$home/outcomes" || true; }
with() { sed -n "s/^$1\t//p" "$home/outcomes"; }
caught=$(count caught) survived=$(count missed) unviable=$(count unviable)
cut -f1 "$home/names" | grep -vxFf - "$home/listed" | sed 's/^/listed, but there is no such mutant any more: /' || true
with caught | grep -xFf "$home/listed" | sed 's/^/listed, but a test catches it now: /' || true
new=$(with missed | grep -vxFf "$home/listed" || true)
[[ -z $new ]] || printf 'survived, and is not listed: %s\n' "${new//$'\n'/$'\nsurvived, and is not listed: '}"
percent=$(awk -v c="$caught" -v s="$survived" 'BEGIN { printf "%.1f", c + s ? 100 * c / (c + s) : 100 }')
say "$(wc -l <"$home/wanted") mutants, $caught caught, $survived survived, $unviable unviable, $percent %"
[[ -z $new && -z $(with "") ]] || exit 1
