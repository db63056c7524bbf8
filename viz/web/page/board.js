// The links of the chain before and after, as boxes by stage, and the firms that could come: one is dragged onto the other.
import {button, data, keepFocus, make, named, passes, state} from "./tools.js";
import {term} from "./terms.js";
import {word} from "./words.js";

const MOST = 18, KIND = "text/plain";
let act = {}, dragged = "", many = MOST;
export const setActions = (actions) => { act = actions; };
export const room = make("section", null, {id: "board"});

const wanted = () => {
  const found = new Map();
  for (const gap of data.told.gaps) {
    if (!passes(data.products.get(gap.product))) continue;
    for (const target of data.products.get(gap.product).targets) found.set(target.firm, data.told.firms[target.firm]);
  }
  const here = new Set(state.scenario.arrivals.map((each) => each.id));
  return [...found.values()].filter((each) => !here.has(each.id));
};
const mark = (firm) => {
  for (const box of room.querySelectorAll(".link-box")) box.classList.toggle("fits", Boolean(firm) && firm.products.includes(box.dataset.id));
};
const chip = (firm) => {
  const item = make("li", null, {draggable: "true", "data-firm": firm.id, title: firm.name});
  item.append(button(`◇ ${firm.short}`, () => act.choose(firm.id), {class: "link"}));
  item.addEventListener("dragstart", (event) => {
    dragged = firm.id;
    event.dataTransfer.setData(KIND, firm.id);
    event.dataTransfer.effectAllowed = "copy";
    mark(firm);
  });
  item.addEventListener("dragend", () => {
    dragged = "";
    mark(null);
  });
  return item;
};
const half = (key) => {
  const look = data.meta.looks[key], part = make("span", look.symbol);
  part.style.background = look.fill;
  part.style.color = look.text;
  part.style.borderColor = look.border;
  return part;
};
const box = (product, before, after, bring) => {
  const told = word("dropHere", product.name, named(before), named(after));
  const item = make("li", null, {class: `link-box${before === after ? "" : " turned"}`, "data-id": product.id, "data-before": before, "data-after": after, title: told});
  const face = button(null, () => act.choose(product.id), {class: "face", "aria-label": told});
  if (product.id === state.n) face.setAttribute("aria-current", "true");
  face.append(half(before), make("b", product.name), half(after), make("small", before === after ? named(after) : `${named(before)} → ${named(after)}`));
  item.append(face);
  item.addEventListener("dragover", (event) => {
    if (!dragged) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    item.classList.add("over");
  });
  item.addEventListener("dragleave", () => item.classList.remove("over"));
  item.addEventListener("drop", (event) => {
    event.preventDefault();
    item.classList.remove("over");
    const firm = data.told.firms[event.dataTransfer.getData(KIND)];
    if (firm) bring(firm, product.id);
  });
  return item;
};
// statuses: what a scenario makes of the links; none where nothing is supposed yet
export const showBoard = (statuses, bring) => {
  const found = new Map((statuses || []).map((row) => [row.id, row])), firms = wanted();
  const strips = data.told.stages.map((stage) => {
    const list = make("ul", null, {class: "strip"}), rows = data.told.products.filter((each) => each.stage === stage && passes(each));
    list.append(...rows.map((each) => {
      const row = found.get(each.id) || {before: each.look, after: each.look};
      return box(each, row.before, row.after, bring);
    }));
    return rows.length ? [make("h4", term(stage) || word("noStage")), list] : [];
  });
  const pool = make("ul", null, {class: "chips come"});
  pool.append(...firms.slice(0, many).map(chip));
  if (firms.length > many) {
    const more = make("li", null, {class: "more"});
    more.append(button(word("showMore", firms.length - many), () => {
      many += 4 * MOST;
      const first = pool.querySelectorAll("[data-firm]").length;
      showBoard(statuses, bring);
      room.querySelectorAll("[data-firm] button")[first].focus();
    }, {class: "tiny"}));
    pool.append(more);
  }
  const from = firms.length ? [make("h4", word("targetsFor", firms.length)), make("p", word("dragHow"), {class: "soft"}), pool] : [];
  const shown = data.told.products.filter((each) => passes(each)).length, all = data.told.products.length;
  const part = shown < all ? [make("p", word("shownLinks", shown, all), {class: "soft"})] : [];
  keepFocus(room, () => room.replaceChildren(make("h2", word("boards")), ...part, ...from, ...strips.flat()));
};
