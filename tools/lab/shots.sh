# takes pictures of the built site at 390, 820 and 1440, light and dark
# usage: ./lab shots [--full] [ROUTE…]
#
# ROUTE is 02, or '#/02?beat=1'; without one, every page is taken. --full takes the whole page, not one screen of it.
# The pictures go to tests/screenshots/.
source tools/lib/common.sh
source tools/lib/tools.sh
source tools/lib/build.sh

asked_for_help "$@" && { usage; exit; }
need_browser_packages
need_chromium
site_is_fresh || build_site
exec node tests/browser/shots.mjs "$@"
