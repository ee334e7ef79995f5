# lists the verbs
# usage: ./lab help
source tools/lib/common.sh

cat <<'TEXT'
Build Kafka: the visual lab

usage: ./lab VERB …        ./lab VERB --help says more

TEXT
for file in tools/lab/*.sh; do
  printf '  %-10s %s\n' "$(basename "$file" .sh)" "$(sed -n '1s/^# //p' "$file")"
done
cat <<TEXT

To see the lab: ./lab serve     To check all of it: ./lab test
Tools are installed once, into $cache
TEXT
