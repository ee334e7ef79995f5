// <kafka-lab scene="02">: a stage of the lab in your page. What it takes and says: EMBED.md. No dependency.
(() => {
  "use strict";
  const NAMESPACE = "kafka-lab";
  const VERSION = 1;
  // What goes into the frame's address as it stands. `beat` and `theme` may change while the frame is there.
  const OPTIONS = ["beat", "panels", "controls", "autoplay", "lang", "text", "run", "at"];
  const SWITCHES = ["controls", "autoplay"];
  const OWN_SCRIPT = document.currentScript?.src ?? document.querySelector('script[src$="/embed.js"]')?.src;
  const FIRST_HEIGHT_PX = 420;
  const HEIGHT_MOST_PX = 20_000;
  const system = matchMedia("(prefers-color-scheme: dark)");

  class KafkaLab extends HTMLElement {
    static observedAttributes = ["src", "scene", "theme", "label", ...OPTIONS];

    #frame;
    #origin;
    #isReady = false;
    #waiting = [];
    #sent = 0;
    #shadow = this.attachShadow({ mode: "open" });
    #hear = (event) => this.#receive(event);
    #follow = () => this.#sendTheme();
    #hostStyle = new MutationObserver(this.#follow);

    connectedCallback() {
      this.style.display = "block";
      addEventListener("message", this.#hear);
      system.addEventListener("change", this.#follow);
      this.#hostStyle.observe(document.documentElement, { attributeFilter: ["class", "style", "data-theme"] });
      this.#build();
    }

    disconnectedCallback() {
      removeEventListener("message", this.#hear);
      system.removeEventListener("change", this.#follow);
      this.#hostStyle.disconnect();
      this.#shadow.replaceChildren();
      this.#frame = undefined;
    }

    attributeChangedCallback(name, before, now) {
      if (!this.#frame || before === now) return;
      if (name === "theme") this.#sendTheme();
      else if (name === "label") this.#frame.title = this.#title();
      else if (name === "beat" && now && this.#isReady) this.load({ beat: now });
      else this.#build();
    }

    /** Plays on from where the stage stands. */
    play() { this.#send("play"); }

    pause() { this.#send("pause"); }

    /** To a moment, as a number or { moment }, or to the beginning of a step, { beat }. */
    seek(place) { this.#send("seek", typeof place === "number" ? { moment: place } : place); }

    /** Another scene, another step, a script or a link's run: { scene, beat, script } or { scene, beat, run }. */
    load(what) { this.#send("load", what); }

    #build() {
      const base = this.getAttribute("src") ?? OWN_SCRIPT;
      let address;
      try {
        address = new URL(".", new URL(base, document.baseURI));
      } catch {
        // The link inside stays in sight.
        this.#shadow.replaceChildren(document.createElement("slot"));
        console.warn(`kafka-lab: where is the lab? src is ${base}`);
        return;
      }
      this.#origin = address.origin;
      this.#lastTheme = this.#theme();
      this.#isReady = false;
      this.#waiting = [];
      address.hash = `/embed/v1/${encodeURIComponent(this.getAttribute("scene") ?? "tracer")}?${this.#query()}`;
      const frame = document.createElement("iframe");
      frame.loading = "lazy";
      frame.sandbox = "allow-scripts allow-same-origin";
      frame.allow = "clipboard-write";
      frame.title = this.#title();
      // By the CSSOM, which a page's content security policy leaves alone.
      Object.assign(frame.style, { display: "block", width: "100%", height: `${FIRST_HEIGHT_PX}px`, border: "0" });
      frame.src = address.href;
      this.#frame = frame;
      this.#shadow.replaceChildren(frame);
    }

    #query() {
      const query = new URLSearchParams({ theme: this.#theme() });
      // A page from a file or in a sandbox has no origin to be known by.
      if (origin !== "null") query.set("origin", origin);
      for (const name of OPTIONS.filter((name) => this.hasAttribute(name))) {
        const value = this.getAttribute(name);
        query.set(name, SWITCHES.includes(name) && value !== "0" && value !== "false" ? "1" : value);
      }
      for (const name of SWITCHES) if (query.get(name) === "false") query.set(name, "0");
      return query;
    }

    #title() {
      const inside = this.textContent.trim();
      return this.getAttribute("label") || inside || `Build your own Kafka, scene ${this.getAttribute("scene") ?? ""}`;
    }

    // What the host page is drawn in: its own color-scheme if it has settled on one, else the reader's system.
    #theme() {
      const asked = this.getAttribute("theme") ?? "auto";
      if (asked !== "auto") return asked;
      const schemes = getComputedStyle(this).colorScheme.split(" ").filter((word) => /^(light|dark)$/.test(word));
      if (schemes.length === 1) return schemes[0];
      return system.matches ? "dark" : "light";
    }

    #lastTheme;
    #sendTheme() {
      const theme = this.#theme();
      if (this.#frame && theme !== this.#lastTheme) this.#send("theme", { theme });
      this.#lastTheme = theme;
    }

    #send(type, fields = {}) {
      if (!this.#isReady) {
        this.#waiting.push([type, fields]);
        return;
      }
      this.#sent += 1;
      const message = { ...fields, ns: NAMESPACE, v: VERSION, id: this.#sent, type };
      this.#frame?.contentWindow?.postMessage(message, this.#origin);
    }

    #receive(event) {
      if (!this.#frame || event.source !== this.#frame.contentWindow || event.origin !== this.#origin) return;
      const message = event.data;
      if (message?.ns !== NAMESPACE || message.v !== VERSION || typeof message.type !== "string") return;
      if (message.type === "resize" && message.height > 0) {
        this.#frame.style.height = `${Math.min(message.height, HEIGHT_MOST_PX)}px`;
      }
      if (message.type === "ready" && !this.#isReady) {
        this.#isReady = true;
        for (const [type, fields] of this.#waiting.splice(0)) this.#send(type, fields);
      }
      const told = { bubbles: true, composed: true, detail: message };
      this.dispatchEvent(new CustomEvent(`kafka-lab-${message.type}`, told));
    }
  }

  if (!customElements.get("kafka-lab")) customElements.define("kafka-lab", KafkaLab);
})();
