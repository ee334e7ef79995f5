# sets up what is missing, builds the site and serves it on this machine
# usage: ./lab serve [--port N] [--open] [--watch]
#
#   --port N   another port than 8080; 0 takes any that is free
#   --open     opens the page in your browser
#   --watch    builds again whenever a source changes; reload the page then
source tools/lib/common.sh
source tools/lib/tools.sh
source tools/lib/build.sh

port=8080 open=no watch=no
asked_for_help "$@" && { usage; exit; }
while (($#)); do
  case $1 in
    --port)
      [[ ${2:-} =~ ^[0-9]{1,5}$ && $2 -le 65535 ]] || wrong "--port takes a number from 0 to 65535, found '${2:-}'"
      port=$2
      shift
      ;;
    --port=*) set -- --port "${1#--port=}" "${@:2}"; continue ;;
    --open) open=yes ;;
    --watch) watch=yes ;;
    *) wrong "'serve' does not know '$1'" ;;
  esac
  shift
done

need_node
if site_is_fresh; then say "dist/ is up to date: nothing changed since it was built"; else build_site; fi

node tools/serve.mjs dist "$port" "$open" &
server=$!
trap 'kill $server 2>/dev/null || true' EXIT
trap 'exit 0' INT TERM

if [[ $watch == yes ]]; then
  tried=$(sources_stamp)
  while kill -0 $server 2>/dev/null; do
    sleep 1
    now=$(sources_stamp)
    [[ $now == "$tried" ]] && continue
    tried=$now
    say "a source changed"
    # In a process of its own: a source that does not compile must not end the server.
    if bash tools/lab/build.sh; then say "built; reload the page"; else say "not built; the page stays as it was"; fi
  done
fi
wait $server
