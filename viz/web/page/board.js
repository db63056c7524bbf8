// The links of the chain before and after, as boxes by stage, and the firms that could come: one is dragged onto the other.
import {data, make, named, state} from "./tools.js";
import {word} from "./words.js";

const MOST = 18, KIND = "text/plain";
let dragged = "";
export const room = make("section", null, {id: "board"});

const wanted = () => {
  const found = new Map();
  for (const gap of data.told.gaps) {
    for (const target of data.products.get(gap.product).targets) found.set(target.firm, data.told.firms[target.firm]);
  }
  const here = new Set(state.scenario.arrivals.map((each) => each.id));
  return [...found.values()].filter((each) => !here.has(each.id));
};
const mark = (firm) => {
  for (const box of room.querySelectorAll(".link-box")) box.classList.toggle("fits", Boolean(firm) && firm.products.includes(box.dataset.id));
};
const chip = (firm) => {
  const item = make("li", `◇ ${firm.short}`, {draggable: "true", "data-firm": firm.id, title: firm.name});
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
  item.append(half(before), make("b", product.name), half(after), make("small", before === after ? named(after) : `${named(before)} → ${named(after)}`));
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
    const list = make("ul", null, {class: "strip"}), rows = data.told.products.filter((each) => each.stage === stage);
    list.append(...rows.map((each) => {
      const row = found.get(each.id) || {before: each.look, after: each.look};
      return box(each, row.before, row.after, bring);
    }));
    return rows.length ? [make("h4", stage || word("noStage")), list] : [];
  });
  const pool = make("ul", null, {class: "chips come"});
  pool.append(...firms.slice(0, MOST).map(chip));
  const from = firms.length ? [make("h4", word("targetsFor", firms.length)), make("p", word("dragHow"), {class: "soft"}), pool] : [];
  room.replaceChildren(make("h2", word("boards")), ...from, ...strips.flat());
};
