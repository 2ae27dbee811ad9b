// Notices in this browser: asks the browser for its address, puts it in the hidden field, and sends the form.
// <form data-push="our public key" data-push-worker="address"> with [name=address] and [data-push-failed].
(() => {
  const bytes = s => Uint8Array.from(atob(s.replace(/-/g, "+").replace(/_/g, "/")), c => c.charCodeAt(0));
  const awake = registration => registration.active || new Promise(done => (registration.installing || registration.waiting)
    .addEventListener("statechange", event => event.target.state === "activated" && done()));
  for (const form of document.querySelectorAll("form[data-push]")) {
    if (!("serviceWorker" in navigator && "PushManager" in window)) continue;
    form.hidden = false;
    const failed = form.querySelector("[data-push-failed]");
    form.addEventListener("submit", async event => {
      event.preventDefault();
      failed.hidden = true;
      try {
        const worker = await navigator.serviceWorker.register(form.dataset.pushWorker);
        await awake(worker);
        const given = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(form.dataset.push) });
        const { endpoint, keys } = given.toJSON();
        form.elements.address.value = JSON.stringify({ endpoint, keys: { p256dh: keys.p256dh, auth: keys.auth } });
        form.submit();
      } catch { failed.hidden = false; failed.focus(); }
    });
  }
})();
