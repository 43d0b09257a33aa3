// Brings the parts of a page to life that make or use a passkey (pages/parts/passkey.tsx). For each: ask our server for
// options, hand them to the device, send its answer back, and go where the server says.
(() => {
  const { browserSupportsWebAuthn, browserSupportsWebAuthnAutofill, startAuthentication, startRegistration } =
    globalThis.SimpleWebAuthnBrowser;

  /** What a server's answer says to the person, in their language. */
  class Refusal extends Error {}

  async function post(url, form, body) {
    const response = await fetch(url, {
      method: "POST",
      headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRF": form.elements.csrf.value },
      body: JSON.stringify(body),
    });
    const answer = await response.json();
    if (!response.ok) throw new Refusal(answer.message);
    return answer;
  }

  /** What is filled in, as far as it is text, without what only guards the form. */
  function fieldsOf(form) {
    const fields = Object.fromEntries([...new FormData(form)].filter(([, value]) => typeof value === "string"));
    delete fields.csrf;
    return fields;
  }

  /** @param element a part of the page, as pages/parts/passkey.tsx makes it */
  async function run(element, form, isAutofill) {
    const { passkey, optionsUrl, verifyUrl } = element.dataset;
    const optionsJSON = await post(optionsUrl, form, fieldsOf(form));
    // Somebody has to sign in again first.
    if (optionsJSON.location !== undefined) return location.assign(optionsJSON.location);
    const ask = passkey === "create" ? startRegistration : startAuthentication;
    const answer = await ask({ optionsJSON, useBrowserAutofill: isAutofill });
    const { location: next } = await post(verifyUrl, form, answer);
    location.assign(next);
  }

  /** The sentence for what went wrong. */
  function tell(error, texts) {
    if (error instanceof Refusal && error.message) return error.message;
    if (error.name === "InvalidStateError") return texts.known;
    return error.name === "NotAllowedError" || error.name === "AbortError" ? texts.cancelled : texts.failed;
  }

  async function press(element, form) {
    const texts = element.dataset;
    const outcome = element.querySelector(".outcome");
    const button = element.querySelector("button");
    outcome.textContent = texts.working;
    outcome.classList.remove("wrong");
    button.setAttribute("aria-disabled", "true");
    try {
      await run(element, form, false);
    } catch (error) {
      outcome.textContent = tell(error, texts);
      outcome.classList.add("wrong");
      button.removeAttribute("aria-disabled");
    }
  }

  /** Shows a button. It is the one of its form that counts if somebody presses Enter in a field. */
  function offer(element) {
    const form = element.closest("form");
    const button = element.querySelector("button");
    element.hidden = false;
    form.addEventListener("submit", (event) => {
      if (event.submitter !== null && event.submitter !== button) return;
      event.preventDefault();
      if (button.getAttribute("aria-disabled") !== "true") press(element, form);
    });
  }

  /** Offers passkeys where the browser fills in a field; who does not take it up sees nothing of it. */
  async function fillIn(element) {
    if (!(await browserSupportsWebAuthnAutofill())) return;
    await run(element, element.closest("form"), true).catch(() => {});
  }

  for (const element of document.querySelectorAll("[data-passkey]")) {
    if (element.dataset.passkey === "autofill") {
      fillIn(element);
    } else if (browserSupportsWebAuthn()) {
      offer(element);
    } else {
      const sentence = document.createElement("p");
      sentence.className = "notice quiet";
      sentence.textContent = element.dataset.unsupported;
      element.replaceWith(sentence);
    }
  }
})();
