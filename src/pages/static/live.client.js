// Looks again at a page that is open when the server says that something has happened, and shows what is new. Whoever is in
// the middle of something is not disturbed: then a line says that there is news.
(() => {
  const main = document.querySelector("main[data-live]");
  const { live, changed, show } = main.dataset;
  const LOOK_AFTER_MS = 1000;
  const LONGEST_WAIT_MS = 60000;
  let wait = 1000;
  let isDue = false;

  function isBusy() {
    const isWithin = document.activeElement !== main && main.contains(document.activeElement);
    const fields = [...main.querySelectorAll("input:not([type=hidden]), textarea")];
    const isFilledIn = fields.some(
      (field) => field.checked !== field.defaultChecked || field.value !== field.defaultValue,
    );
    return isWithin || isFilledIn || main.querySelector("details[open]") !== null;
  }

  function say(text, link) {
    const news = main.querySelector("[data-news]") ?? document.createElement("p");
    news.dataset.news = "";
    news.className = "notice quiet";
    news.setAttribute("role", "status");
    if (!news.isConnected) main.prepend(news);
    news.replaceChildren(text, ...(link === null ? [] : [" ", link]));
  }

  function linkHere() {
    const link = document.createElement("a");
    link.href = location.href;
    link.textContent = show;
    return link;
  }

  async function look() {
    isDue = false;
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("main[data-live]");
    if (!answer.ok || answer.redirected || fresh === null) return;
    if (fresh.textContent === seen) return;
    if (isBusy()) {
      say(changed, linkHere());
      return;
    }
    seen = fresh.textContent;
    main.replaceChildren(...fresh.childNodes);
    say(changed, null);
  }

  function listen() {
    const socket = new WebSocket(new URL(live, location.href));
    socket.addEventListener("open", () => {
      // What happened while nobody listened is seen now.
      if (wait > 1000) lookSoon();
      wait = 1000;
    });
    socket.addEventListener("message", lookSoon);
    socket.addEventListener("close", () => {
      wait = Math.min(2 * wait, LONGEST_WAIT_MS);
      setTimeout(listen, wait * (0.5 + Math.random() / 2));
    });
  }

  function lookSoon() {
    if (isDue) return;
    isDue = true;
    setTimeout(() => look().catch(() => {}), LOOK_AFTER_MS);
  }

  let seen = main.textContent;
  listen();
})();
