// The server that the Admin UI is for is the one it came from: what the login asks for first is filled in. What it
// has kept from an earlier login counts more. `naru` is server.js, which the server makes.
(() => {
  try {
    for (const [name, value] of Object.entries(self.naru)) {
      if (localStorage.getItem(name) === null) localStorage.setItem(name, value);
    }
  } catch {
    // No storage: the page's own defaults.
  }
  const filling = new MutationObserver(() => {
    const field = document.querySelector("form input[required]");
    if (!field) return;
    filling.disconnect();
    if (field.value) return;
    field.value = location.origin;
    field.dispatchEvent(new Event("input"));
  });
  filling.observe(document.documentElement, { childList: true, subtree: true });
})();
