// An input with suggestions: `ask(text)` gives {hits, near}, `taken(hit, add)` is told what was chosen, `add` where Shift was held.
import {asked, get, make, status} from "./tools.js";
import {word} from "./words.js";

/* missed: what to do with a text that Enter finds nothing for
   keep: the chosen name stays in the input; free: the input may also hold what is in no list, so Enter takes a row only if one was pointed at */
export const suggest = (input, ask, taken, {keep = false, free = false, missed = null} = {}) => {
  const list = make("ul", null, {class: "hits", role: "listbox", id: `${input.id}-hits`});
  list.hidden = true;
  input.after(list);
  const usual = {role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list", autocomplete: "off"};
  for (const [name, value] of Object.entries(usual)) input.setAttribute(name, value);
  let rows = [], at = -1, turn = 0, wait = 0;

  const close = () => {
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
    input.value = keep ? hit.name : "";
    rows = [];
    close();
    turn += 1;
    taken(hit, add);
  };
  const option = (hit, number) => {
    const item = make("li", null, {role: "option", id: `${list.id}-${number}`, "aria-selected": "false"});
    item.append(make("span", hit.name), make("small", hit.look ? status(hit.look) : hit.note));
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
    try { found = await ask(text); } catch { return; }
    if (mine !== turn) return;
    const near = !found.hits.length;
    rows = near ? found.near : found.hits;
    at = near || free ? -1 : 0;
    const items = rows.map(option);
    if (near && !free) items.unshift(make("li", word(rows.length ? "noHit" : "noHitAtAll"), {role: "presentation"}));
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
    wait = setTimeout(hurry, 120);
  });
  input.addEventListener("blur", () => {
    clearTimeout(wait);
    wait = 0;
    turn += 1;
    close();
  });
  input.addEventListener("keydown", async (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) await hurry();
      if (rows.length) at = (at + (event.key === "ArrowDown" ? 1 : -1) + rows.length + (at < 0 && event.key === "ArrowUp" ? 1 : 0)) % rows.length;
      mark();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (!free && (list.hidden || wait)) await hurry();
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
