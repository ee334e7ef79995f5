// What stands behind the worker's glue, in the same file. The page names the wasm in the fragment of this file's
// address; it lies beside this file. What goes wrong is sent to the page as text.
self.onunhandledrejection = (event) => postMessage(String(event.reason));
__wbg_init({ module_or_path: new URL(self.location.hash.slice(1), import.meta.url) })
  .catch((problem) => postMessage(String(problem)));
