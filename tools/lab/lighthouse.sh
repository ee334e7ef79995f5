# asks Lighthouse about the built site: performance, accessibility, best practices, SEO
# usage: ./lab lighthouse [PAGE…]
#
# PAGE is 02, or '' for the front page; without one, both are looked at. Each is loaded three times, as Lighthouse's
# mobile preset does: a slow phone on slow 4G, reckoned from a trace of a quick load. What is printed is the run whose
# performance is the median. It exits with 1 if performance is under 95 or another under 100, and names the audits that
# cost points.
# A busy machine costs performance a few points, the others none.
source tools/lib/common.sh
source tools/lib/tools.sh
source tools/lib/build.sh

asked_for_help "$@" && { usage; exit; }
(($#)) || set -- "" 02
need_node
need_chromium
need_lighthouse
site_is_fresh || build_site
for page in "$@"; do
  [[ -f dist/$page/index.html ]] || wrong "there is no page '$page'"
done
CHROME_PATH=$(command -v chromium) exec node tools/lighthouse.mjs dist "$@"
