// Before the first paint: the paper and text that the reader chose, or in a frame the page around it.
// What the app writes: web/src/shell/settings.rs. What a frame's address says: web/src/embed/options.rs.
const embed = /^#\/embed\b[^?]*\??(.*)/.exec(location.hash);
let chosen = "";
try {
  chosen = localStorage.getItem("kafka-lab.settings") ?? "";
} catch {
  // No storage is allowed here: the system's choice holds.
}
if (embed) {
  document.documentElement.dataset.embed = "";
  chosen += `&theme=auto&text=&${embed[1]}`;
}
for (const [name, value] of new URLSearchParams(chosen)) {
  if (["theme", "text", "motion"].includes(name)) document.documentElement.dataset[name] = value;
}
