# makes the static site in dist/ and prints the sizes of its parts
# usage: ./lab build
#
# dist/ runs under any path of any static host. Beside each file lie a .br and a .gz of it, for hosts that can send
# them; a host that can't may leave them out. The headers to set are in web/site/policy.txt (README: Hosting).
source tools/lib/common.sh
source tools/lib/tools.sh
source tools/lib/build.sh

asked_for_help "$@" && { usage; exit; }
[[ $# == 0 ]] || wrong "'build' takes no arguments, found '$1'"
if site_is_fresh; then
  say "dist/ is up to date: nothing changed since it was built"
  node tools/sizes.mjs --table dist
else
  build_site
fi
