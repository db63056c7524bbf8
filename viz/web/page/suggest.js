// An input with suggestions: `ask(text)` gives {hits, near}, `taken(hit, add)` is told what was chosen, `add` where Shift was held.
import {asked, chainName, get, make, status} from "./tools.js";
import {term} from "./terms.js";
import {word} from "./words.js";

/* missed: what to do with a text that Enter finds nothing for
   keep: the chosen name stays in the input, and Enter pressed again does `again`
   fresh: what the row says that takes the text itself, as the name of something new; its hit has no id */
export const suggest = (input, ask, taken, {keep = false, fresh = null, missed = null, again = () => {}} = {}) => {
  const list = make("ul", null, {class: "hits", role: "listbox", id: `${input.id}-hits`});
  list.hidden = true;
  input.after(list);
  const usual = {role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list", autocomplete: "off"};
  for (const [name, value] of Object.entries(usual)) input.setAttribute(name, value);
  let rows = [], at = -1, turn = 0, wait = 0, settled = "", answered = "", unheard = "";

  const close = () => {
    clearTimeout(wait);
    wait = 0;
    turn += 1; // an answer on its way does not open it again
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = () => {
    const items = [...list.querySelectorAll("[role=option]")];
    items.forEach((row, number) => row.setAttribute("aria-selected", String(number === at)));
    if (at < 0) return;
    input.setAttribute("aria-activedescendant", items[at].id);
    items[at].scrollIntoView({block: "nearest"});
  };
  const choose = (hit, add) => {
    input.value = settled = keep ? hit.name : "";
    rows = [];
    close();
    taken(hit, add);
  };
  const aside = (hit) => (hit.look ? status(hit.look) : hit.chains ? word("onChains", hit.chains.map(chainName).join("、")) : term(hit.note));
  const option = (hit, number) => {
    const item = make("li", null, {role: "option", id: `${list.id}-${number}`, "aria-selected": "false"});
    item.append(make("span", hit.id === "" ? fresh(hit.name) : hit.name), make("small", hit.id === "" ? "" : aside(hit)));
    item.addEventListener("mousedown", (event) => {
      event.preventDefault();
      choose(hit, event.shiftKey);
    });
    return item;
  };
  const show = async () => {
    const mine = ++turn, text = input.value.trim();
    if (!text) {
      rows = [];
      close();
      return;
    }
    let found;
    unheard = "";
    try { found = await ask(text); } catch (failure) {
      found = {hits: [], near: []};
      unheard = failure.status ? failure.message : word("noSearch");
    }
    if (mine !== turn) return;
    const near = !found.hits.length, own = fresh && !unheard ? [{id: "", name: text, note: ""}] : [];
    rows = [...(near ? found.near : found.hits), ...own];
    at = !near ? 0 : own.length ? rows.length - 1 : -1;
    answered = text;
    const items = rows.map(option);
    if (unheard) items.push(make("li", unheard, {role: "presentation"}));
    else if (near && !fresh) items.unshift(make("li", word(rows.length ? "noHit" : "noHitAtAll"), {role: "presentation"}));
    list.replaceChildren(...items);
    list.hidden = !items.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    mark();
  };
  const hurry = async () => {
    clearTimeout(wait);
    wait = 0;
    await show();
  };
  input.addEventListener("input", () => {
    clearTimeout(wait);
    settled = "";
    wait = setTimeout(hurry, 120);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", async (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) await hurry();
      if (rows.length) at = (at + (event.key === "ArrowDown" ? 1 : -1) + rows.length + (at < 0 && event.key === "ArrowUp" ? 1 : 0)) % rows.length;
      mark();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (settled && input.value === settled) {
        again();
        return;
      }
      if (list.hidden || answered !== input.value.trim()) await hurry();
      if (unheard) return;
      if (rows[at]) choose(rows[at], event.shiftKey);
      else if (missed && input.value.trim() && at < 0) {
        close();
        await missed(input.value.trim());
      }
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      close();
    }
  });
};
export const searchFor = (kind) => (text) => get("search", {...asked(), q: text.slice(0, 40), kind, limit: 12});
// what a text means that was typed and not picked from the list: the thing of that name, else the first hit
export const meant = async (ask, text) => {
  const {hits} = await ask(text);
  return hits.find((each) => each.name === text) || hits[0] || null;
};
