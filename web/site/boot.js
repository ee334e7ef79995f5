// Starts the app. Both addresses are relative to this file, so any sub-path and any page of the site will do.
import init from "./{glue}";

// The app itself says data-app="running", once its content is there and it has taken the page over.
init({ module_or_path: new URL("./{wasm}", import.meta.url) }).catch((problem) => {
  // The page that was rendered at build time stays; the reader loses motion, not the text.
  document.documentElement.dataset.app = "failed";
  console.error(problem);
});
