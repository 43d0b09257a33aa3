// Copies what a list holds, a line each, and prints the page: helps where something is shown only once.
(() => {
  async function copy(list, outcome, copied) {
    const lines = [...list.querySelectorAll("li")].map((item) => item.textContent.trim());
    await navigator.clipboard.writeText(lines.join("\n"));
    outcome.textContent = copied;
  }

  for (const element of document.querySelectorAll("[data-copy]")) {
    const list = document.getElementById(element.dataset.copy);
    const outcome = element.querySelector(".outcome");
    element.hidden = false;
    element.querySelector("[data-does=copy]").addEventListener("click", () => {
      copy(list, outcome, element.dataset.copied);
    });
    element.querySelector("[data-does=print]").addEventListener("click", () => print());
  }
})();
