/* The pane in Outlook: it signs in as the person whose Outlook this is, asks Nudger which call is
   open, and sends what is typed with the access token. What is shown is made on the server. */
"use strict";
(() => {
  const pane = document.getElementById("pane");
  const told = document.getElementById("told");
  const call = document.getElementById("call");
  class NotSignedIn extends Error {}
  let application = null;
  let token = "";

  const tell = (name) => told.replaceChildren(document.getElementById(name).content.cloneNode(true));

  const tellWhatFailed = (error) => tell(error instanceof NotSignedIn ? "not-signed-in" : "unreachable");

  /* Phones say that they can sign in, and then cannot; Macs sometimes. */
  const signIn = async ({ anew = false } = {}) => {
    const { clientId, authority, scope } = pane.dataset;
    try {
      if (!Office.context.requirements.isSetSupported("NestedAppAuth", "1.1")) throw new Error("not supported");
      application ??= await msal.createNestablePublicClientApplication({ auth: { clientId, authority } });
      const request = { scopes: [scope], forceRefresh: anew };
      const silently = application.acquireTokenSilent(request);
      token = (await silently.catch(() => application.acquireTokenPopup(request))).accessToken;
    } catch (error) {
      throw new NotSignedIn(String(error));
    }
  };

  const send = async (path, fields) => {
    const ask = () => fetch(path, {
      method: fields ? "POST" : "GET",
      body: fields,
      headers: { Authorization: `Bearer ${token}`, "HX-Request": "true" },
    });
    await signIn();
    let answer = await ask();
    if (answer.status === 401) {
      await signIn({ anew: true });
      answer = await ask();
    }
    if (answer.status === 401) throw new NotSignedIn("refused");
    return answer;
  };

  const show = async (answer) => {
    Idiomorph.morph(call, await answer.text(), { morphStyle: "innerHTML" });
    htmx.process(call);
  };

  /* Office's functions that call back, as promises of what they tell. */
  const asked = (of, name, ...given) => new Promise((resolve, reject) => {
    of[name](...given, (result) => {
      if (result.status === Office.AsyncResultStatus.Succeeded) resolve(result.value);
      else reject(new Error(result.error.message));
    });
  });

  const isBeingWritten = () => Boolean(Office.context.mailbox.item.body.prependAsync);

  /* Empty for an event that was never saved. */
  const openItem = async () => {
    const { item } = Office.context.mailbox;
    const id = item.itemId || (item.getItemIdAsync && await asked(item, "getItemIdAsync").catch(() => ""));
    return id ? Office.context.mailbox.convertToRestId(id, Office.MailboxEnums.RestVersion.v2_0) : "";
  };

  /* What is sent from a form that was open before would undo what Nudger wrote meanwhile, so the
     answer goes into this text too. Some Outlooks take nothing and say that all is well. */
  const putIntoText = async (path) => {
    const { body } = Office.context.mailbox.item;
    const note = await (await send(`${path}/text`)).json();
    if (!note.html) return;
    const text = () => asked(body, "getAsync", Office.CoercionType.Text);
    try {
      if ((await text()).includes(note.begins)) throw new Error("an older answer stands there");
      const type = await asked(body, "getTypeAsync");
      const isHtml = type === Office.CoercionType.Html;
      const put = isHtml ? `${note.html}<br><br>` : `${note.text}\n\n`;
      await asked(body, "prependAsync", put, { coercionType: type });
      tell((await text()).includes(note.begins) ? "press-send" : "not-in-text");
    } catch {
      tell("not-in-text");
    }
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target, button = event.submitter;
    event.preventDefault();
    if (form.ariaBusy === "true") return;
    form.ariaBusy = "true";
    tell("nothing-to-tell");
    try {
      const answer = await send(form.getAttribute("action"), new URLSearchParams(new FormData(form, button)));
      await show(answer);
      window.scrollTo(0, 0); // what became of it stands on top
      const isSaved = answer.redirected && answer.ok;
      if (isSaved && isBeingWritten()) await putIntoText(new URL(answer.url).pathname);
    } catch (error) {
      tellWhatFailed(error);
    } finally {
      form.ariaBusy = "false";
    }
  });

  document.addEventListener("htmx:confirm", (event) => {
    event.preventDefault();
    signIn().then(() => event.detail.issueRequest(true), tellWhatFailed);
  });
  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers.Authorization = `Bearer ${token}`;
  });

  Office.onReady(async () => {
    try {
      const item = await openItem();
      if (!item) {
        tell("not-saved-yet");
        return;
      }
      await show(await send(pane.dataset.open, new URLSearchParams({ item })));
      tell("nothing-to-tell");
    } catch (error) {
      tellWhatFailed(error);
    }
  });
})();
