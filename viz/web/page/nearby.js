// All that stands beside a node, as a list in pages: what the canvas shows a part of, the list has whole.
import {asked, button, data, get, make, state} from "./tools.js";
import {term} from "./terms.js";
import {word} from "./words.js";

const STEP = 36;
const SIGNS = {local: "■", target: "◇", other: "○"};
let act = {}, opened = "";
export const setActions = (actions) => { act = actions; };
export const openFor = (id) => { opened = id; };

const line = (row) => {
  const item = make("li"), sign = row.kind === "product" ? data.meta.looks[row.look].symbol : SIGNS[row.side];
  item.append(button(`${sign} ${row.name}`, () => act.choose(row.id), {class: `link${row.side === "local" ? " here" : ""}`}));
  if (state.ids.includes(row.id)) item.append(make("small", ` ${word("shownAlready")}`, {class: "soft"}));
  else item.append(" ", button(word("show"), () => act.add([row.id]), {class: "tiny", "aria-label": `${word("show")} ${row.name}`}));
  if (row.note) item.append(make("div", term(row.note), {class: "soft"}));
  if (row.origin) item.append(make("div", row.origin, {class: "soft origin"}));
  return item;
};
const group = (relation, rows, total) => {
  const part = make("section"), list = make("ul", null, {class: "plain"});
  list.append(...rows.map(line));
  part.append(make("h4", `${word(`rel${relation}`)}（${total}）`), list);
  return part;
};

export const nearby = (id) => {
  const box = make("details", null, {class: "nearby"}), rows = [], body = make("div");
  let totals = {}, total = 0;
  box.append(make("summary", word("neighbours")), body);
  const write = () => {
    const relations = [...new Set(rows.map((row) => row.relation))], rest = total - rows.length;
    body.replaceChildren(...relations.map((relation) => group(relation, rows.filter((row) => row.relation === relation), totals[relation])));
    if (!rows.length) body.append(make("p", word("none")));
    const foot = make("div", null, {class: "row"}), fresh = rows.filter((row) => !state.ids.includes(row.id)).map((row) => row.id);
    if (fresh.length) foot.append(button(word("showAll", fresh.length), () => act.add(fresh)));
    if (rest > 0) foot.append(button(word("addMore", Math.min(STEP, rest), rest), more));
    body.append(foot);
  };
  const more = async () => {
    try {
      const found = await get(`nodes/${encodeURIComponent(id)}/neighbors`, {...asked(), limit: STEP, offset: rows.length});
      ({totals, total} = found);
      rows.push(...found.rows);
      write();
    } catch (failure) { body.replaceChildren(make("p", failure.message, {class: "soft"})); }
  };
  box.addEventListener("toggle", () => {
    opened = box.open ? id : opened === id ? "" : opened;
    if (box.open && !rows.length) more();
  });
  box.open = opened === id;
  return box;
};
