// Passkeys: asks the browser, puts its answer in the form's hidden field, and sends the form.
// <form data-passkey="create|get|ask"> with [name=credential], [data-passkey-go] and [data-passkey-failed].
(() => {
  const bytes = s => Uint8Array.from(atob(s.replace(/-/g, "+").replace(/_/g, "/")), c => c.charCodeAt(0));
  const text = b => b ? btoa(String.fromCharCode(...new Uint8Array(b))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "") : undefined;
  const ids = list => (list || []).map(c => ({ ...c, id: bytes(c.id) }));
  const options = async form => {
    if (form.dataset.passkey === "ask") return (await (await fetch(form.action, { headers: { Accept: "application/json" } })).json()).request_options.publicKey;
    const said = JSON.parse(document.getElementById("passkey-options").textContent);
    return (said.creation_options || said.request_options).publicKey;
  };
  const create = o => navigator.credentials.create({ publicKey: { ...o, challenge: bytes(o.challenge), user: { ...o.user, id: bytes(o.user.id) }, excludeCredentials: ids(o.excludeCredentials),
    authenticatorSelection: { ...o.authenticatorSelection, residentKey: "required", requireResidentKey: true, userVerification: "required" } } });
  const get = o => navigator.credentials.get({ publicKey: { ...o, challenge: bytes(o.challenge), allowCredentials: ids(o.allowCredentials) } });
  const plain = c => JSON.stringify({ id: c.id, rawId: text(c.rawId), type: c.type, authenticatorAttachment: c.authenticatorAttachment, clientExtensionResults: c.getClientExtensionResults(),
    response: { clientDataJSON: text(c.response.clientDataJSON), attestationObject: text(c.response.attestationObject), authenticatorData: text(c.response.authenticatorData),
      signature: text(c.response.signature), userHandle: text(c.response.userHandle) } });
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (!window.PublicKeyCredential) continue;
    form.hidden = false;
    const failed = form.querySelector("[data-passkey-failed]");
    form.querySelector("[data-passkey-go]").addEventListener("click", async event => {
      event.preventDefault();
      failed.hidden = true;
      try {
        const asked = await options(form);
        form.elements.credential.value = plain(await (form.dataset.passkey === "create" ? create(asked) : get(asked)));
        form.submit();
      } catch { failed.hidden = false; failed.focus(); }
    });
  }
})();
