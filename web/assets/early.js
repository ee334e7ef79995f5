// Before the first paint: the paper and text that the reader chose. What the app writes: web/src/shell/settings.rs.
try {
  const kept = new URLSearchParams(localStorage.getItem("kafka-lab.settings") ?? "");
  for (const [name, value] of kept) {
    if (["theme", "text", "motion"].includes(name)) document.documentElement.dataset[name] = value;
  }
} catch {
  // No storage is allowed here: the system's choice holds.
}
