/* Office.js as far as a pane beside an appointment meets it, refusing what Outlook refuses. What is
   open stands in the frame's name, as a host puts it there: the person, the item, whether it is being
   written, what the manifest allows, and how this Outlook fails. */
(() => {
  const told = { person: "", item: "", text: "", ...JSON.parse(window.name || "{}") };
  const here = new URL(document.currentScript.src).origin;
  const later = (callback, result) => setTimeout(() => callback(result), 0);
  const succeed = (callback, value) => later(callback, { status: "succeeded", value });
  const fail = (callback, code, message) => later(callback, { status: "failed", error: { code, message } });
  const MOST = 1000000;
  let text = told.text;

  /* Pages in Office cannot change their history. */
  history.pushState = null;
  history.replaceState = null;

  const plain = (html) => new DOMParser().parseFromString(html.replaceAll("<br>", "\n"), "text/html").body.textContent;

  const reading = {
    getAsync(type, options, callback = options) {
      if (type !== "text" && type !== "html") throw new Error("Sys.ArgumentException: coercionType");
      succeed(callback, type === "text" ? plain(text) : text);
    },
  };
  const writing = {
    ...reading,
    getTypeAsync(options, callback = options) {
      succeed(callback, "html");
    },
    prependAsync(data, options, callback = options) {
      if (!["ReadWriteItem", "ReadWriteMailbox"].includes(told.permission)) return fail(callback, 7000, "You don't have sufficient permissions for this action.");
      if (data.length > MOST) return fail(callback, 9000, "The data exceeds the size limit.");
      if (told.fails !== "silently") text = data + text;
      succeed(callback);
    },
  };

  const item = told.isWritten
    ? {
      itemType: "appointment",
      body: writing,
      getItemIdAsync(callback) {
        if (told.item) succeed(callback, told.item);
        else fail(callback, 9034, "The id can't be retrieved until the item is saved.");
      },
    }
    : { itemType: "appointment", itemId: told.item, body: reading };

  window.nestedAppAuthBridge = (() => {
    const listeners = [];
    return {
      addEventListener: (_name, listener) => listeners.push(listener),
      removeEventListener: (_name, listener) => listeners.splice(listeners.indexOf(listener), 1),
      postMessage: async (message) => {
        const answer = await fetch(`${here}/nested-app-auth/${encodeURIComponent(told.person)}`, { method: "POST", body: message });
        const data = await answer.text();
        for (const listener of [...listeners]) listener({ data });
      },
    };
  })();

  window.Office = {
    AsyncResultStatus: { Succeeded: "succeeded", Failed: "failed" },
    CoercionType: { Text: "text", Html: "html" },
    MailboxEnums: { RestVersion: { v2_0: "v2.0" } },
    context: {
      requirements: {
        isSetSupported: (name) => (name === "NestedAppAuth" ? told.fails !== "no sign-in" : name === "Mailbox"),
      },
      mailbox: {
        item,
        convertToRestId: (id) => id.replaceAll("/", "-").replaceAll("+", "_"),
      },
    },
    onReady: (callback) => {
      const host = { host: "Outlook", platform: "OfficeOnline" };
      return new Promise((resolve) => addEventListener("load", () => resolve(host))).then((found) => {
        callback?.(found);
        return found;
      });
    },
  };
})();
