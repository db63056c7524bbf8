// The panel on the right: one node with its facts, its evidence down to the source row and its neighbours, and the gap list.
import {$, amount, asked, badge, button, data, facts, get, keepFocus, make, named, passes, state, tenths} from "./tools.js";
import {nearby} from "./nearby.js";
import {term} from "./terms.js";
import {action, word} from "./words.js";

let act = {}, turn = 0, shown = "";
export const setActions = (actions) => { act = actions; };
const SIGNS = {local: "■", target: "◇", other: "○"};

export const linkTo = (id, text, extra = "") => button(text, () => act.choose(id), {class: `link ${extra}`});
const joined = (ids) => {
  const line = make("p");
  if (!ids.length) line.textContent = word("none");
  ids.forEach((id, at) => {
    const product = data.products.get(id);
    if (at) line.append("、");
    line.append(linkTo(id, `${data.meta.looks[product.look].symbol} ${product.name}`));
  });
  return line;
};
const evidence = (reference) => {
  const box = make("details"), list = make("ul", null, {class: "plain steps"});
  box.append(make("summary", word("showEvidence")), list);
  box.addEventListener("toggle", async () => {
    if (!box.open || list.childElementCount) return;
    list.replaceChildren(make("li", word("working")));
    try {
      const rows = await get("explain", {...asked(), reference});
      list.replaceChildren(...rows.map((row) => {
        const item = make("li");
        item.append(make("b", `${term(row.step)}　`), row.statement);
        if (row.origin) item.append(make("div", row.origin, {class: "soft origin"}));
        return item;
      }));
    } catch (failure) {
      list.replaceChildren();
      box.open = false;
      act.say(failure.message);
    }
  });
  return box;
};
const firmRows = (rows, sign, extra, more) => {
  const list = make("ul", null, {class: "plain"});
  for (const row of rows) {
    const item = make("li"), firm = data.told.firms[row.firm];
    item.append(linkTo(row.firm, `${sign} ${firm.short}`, extra), make("div", row.reason || row.evidence, {class: "soft"}));
    if (row.origin) item.append(make("div", row.origin, {class: "soft origin"}));
    more(item, row, firm);
    list.append(item);
  }
  return list;
};
const buttons = ({id, name}) => {
  const row = make("div", null, {class: "row"}), here = state.v === "explore" && state.ids.includes(id);
  row.append(button(word("centre"), () => act.centre(id)), button(word("expand"), () => act.expand(id)));
  if (here) row.append(button(word("collapse"), () => act.collapse(id)), button(word("hide"), () => act.hide([id])));
  row.append(button(word("setStart"), () => act.setEnd("from", id, name)), button(word("setEnd"), () => act.setEnd("to", id, name)));
  return row;
};

// who they are is asked for when somebody looks
const waiting = (product) => {
  const box = make("div", word("working"), {class: "waiting"});
  get(`nodes/${encodeURIComponent(product.id)}`, asked()).then((found) => {
    const list = make("ul", null, {class: "plain"}), rows = found.waiting;
    for (const row of rows) {
      const item = make("li");
      item.append(linkTo(row.firm, `? ${row.short}`), make("div", row.evidence, {class: "soft"}));
      if (row.origin) item.append(make("div", row.origin, {class: "soft origin"}));
      list.append(item);
    }
    box.replaceChildren(list, ...(rows.length < product.reviews ? [make("p", word("firstOf", rows.length, product.reviews), {class: "soft"})] : []));
  }).catch((failure) => { box.textContent = failure.message; });
  return box;
};
const showGap = (gap) => [
  make("h3", `${action(gap.action)} · ${term(gap.kind)} · ${word("score")} ${tenths(gap.score)}`), make("p", gap.detail),
  make("p", gap.certainty, {class: "soft"}), ...(gap.key ? [make("p", gap.key, {class: "soft"})] : []), evidence(gap.id),
];
const showProduct = (product) => {
  const line = make("p"), ratio = (value) => (value === null ? "" : value.toFixed(2));
  line.append(badge(product.look), ` ${[term(product.stage), product.segment].filter(Boolean).join(" · ")}`);
  return [
    make("h2", product.name), line, ...(product.why ? [make("p", product.why, {class: "soft"})] : []),
    facts([
      [word("made"), product.makers, word("howMade")], [word("nation"), product.national, word("howNation")],
      [word("buyers"), product.buyers, word("howBuyers")], [word("reviews"), product.reviews || "", word("howReviews")],
      [word("lq"), ratio(product.lq), word("howLq")], [word("hhi"), ratio(product.hhi), word("howHhi")],
    ]),
    buttons(product), ...(data.gapsOf.get(product.id) || []).flatMap(showGap),
    make("h3", `■ ${word("local")}（${product.local.length}）`), firmRows(product.local, "■", "here", () => {}),
    make("h3", `◇ ${word("target")}（${product.targets.length}）`), firmRows(product.targets, "◇", "", (item, row, firm) => {
      item.append(evidence(row.id), button(word("bring"), () => act.bring(firm), {class: "tiny"}));
    }),
    ...(product.reviews ? [make("h3", `? ${word("reviews")}（${product.reviews}）`), waiting(product)] : []),
    make("h3", word("up")), joined(data.inputs.get(product.id)), make("h3", word("down")), joined(data.uses.get(product.id)), nearby(product.id),
  ];
};
const says = (row) => {
  const item = make("li", row.origin || row.kind, {class: "origin"});
  item.append(make("div", row.facts.map(([name, value]) => `${term(name)} ${amount(value)}`).join("；").slice(0, 600), {class: "soft"}));
  return item;
};
const showFirm = (firm) => {
  const sources = make("ul", null, {class: "plain"}), local = firm.side === "local", move = make("div", null, {class: "row"});
  sources.append(...firm.sources.map(says));
  if (!local) move.append(button(word("bring"), () => act.bring(firm)));
  else if (firm.makes.length) move.append(button(word("lose"), () => act.lose(firm)));
  return [
    make("h2", `${SIGNS[firm.side]} ${firm.name}`), make("p", word(firm.side), {class: "soft"}),
    facts([[word("where"), firm.place], [word("titles"), firm.titles], ...firm.facts.map(([name, value]) => [term(name), value])]), buttons(firm), move,
    make("h3", word("makes")), joined(firm.makes.map((each) => each.id)), evidence(firm.id), nearby(firm.id), make("h3", word("sources")), sources,
  ];
};
const showNothing = () => {
  const notes = make("details");
  notes.append(make("summary", word("notes")), ...data.told.notes.map((note) => make("p", note, {class: "soft"})));
  return [make("h2", word("choose")), make("p", word("chooseHow"), {class: "soft"}), notes];
};

export const showDetail = async () => {
  const mine = ++turn, box = $("detail"), id = state.n;
  let parts;
  if (data.products.has(id)) parts = showProduct(data.products.get(id));
  else if (id) {
    const known = data.told.firms[id];
    if (shown !== id) keepFocus(box, () => box.replaceChildren(make("h2", known ? known.name : ""), make("p", word("working"), {class: "soft"})));
    try { parts = showFirm(await get(`nodes/${encodeURIComponent(id)}`, asked())); } catch (failure) { parts = [make("p", failure.message)]; }
  } else parts = showNothing();
  if (mine !== turn) return;
  keepFocus(box, () => box.replaceChildren(...parts));
  if (id && shown !== id) box.parentElement.scrollTop = 0;
  shown = id;
};

export const showGapList = () => {
  const rows = data.told.gaps.filter((gap) => passes(data.products.get(gap.product)) && (!state.action || gap.action === state.action));
  const counts = new Map();
  for (const gap of rows) counts.set(gap.action, (counts.get(gap.action) || 0) + 1);
  $("gapSum").textContent = [...counts].map(([name, count]) => `${action(name)} ${count}`).join(" · ");
  const items = rows.map((gap) => {
    const line = button(null, () => act.choose(gap.product), {title: gap.detail}), item = make("li"), look = data.meta.looks[gap.look];
    line.style.borderLeftColor = look.border;
    const note = `${action(gap.action)} · ${named(gap.look)} · ${tenths(gap.score)}`;
    line.append(make("span", look.symbol), make("b", gap.name), make("small", note));
    if (gap.product === state.n) line.setAttribute("aria-current", "true");
    item.append(line);
    return item;
  });
  const list = $("gapList");
  keepFocus(list, () => list.replaceChildren(...(items.length ? items : [make("li", word("noGaps"), {class: "soft"})])));
};
