/* A key presses the button that names it, while the focus is in what has such keys and nobody types:
   no key does anything elsewhere (WCAG 2.1.4). */
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const within = event.target.closest("[data-keys]");
  if (!within || event.target.closest("input, select, textarea")) return;
  const button = within.querySelector(`button[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!button || button.closest(".htmx-request")) return;
  event.preventDefault();
  button.click();
});
