// Lets the browser keep the site for the time without a network, once the page is there,
// and says when a newer build waits. What is kept, and how: service-worker.js.

import { make } from "./elements.js";
import { session } from "./live-session.js";

const WORKER = new URL("../../service-worker.js", document.currentScript.src);
// Keeping takes a small machine some seconds. A reader's first steps, and the start of
// Python if it is among them, go before.
const PAUSE = 2000; // ms
const workers = location.protocol === "file:" ? undefined : navigator.serviceWorker;

async function keep() {
  // Under `make serve` pages change as one writes; some MB are not for a reader who saves.
  if (globalThis.livereload || navigator.connection?.saveData) return;
  try {
    const registration = await workers.register(WORKER, { updateViaCache: "none" });
    if (registration.waiting && registration.active) return offer(registration);
    registration.addEventListener("updatefound", () => {
      const { installing, active } = registration;
      installing.addEventListener("statechange", () => installing.state === "installed" && active && offer(registration));
    });
  } catch (error) {
    console.warn("study-notes: nothing is kept for the time without a network:", error);
  }
}

/** Say quietly that there is a newer build; it takes over in all tabs at once. */
function offer(registration) {
  document.querySelector("body > .update")?.remove();
  const notice = make("div", { className: "update", role: "status" });
  document.body.append(notice);
  notice.append("These notes have a new version. ",
    make("button", { type: "button", onclick: () => registration.waiting?.postMessage("take over") }, "Reload"),
    make("button", { type: "button", onclick: () => notice.remove() }, "Later"));
}

if (workers) {
  let isKept = !!workers.controller;
  workers.addEventListener("controllerchange", () => {
    if (isKept) location.reload(); // another build has taken over
    isKept = true;
  });
  const later = () => setTimeout(async () => { await session.idle; keep(); }, PAUSE);
  if (document.readyState === "complete") later();
  else addEventListener("load", later);
}
