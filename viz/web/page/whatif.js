// What if: who comes, who leaves, and what that changes. Nothing is written but named scenarios.
import {$, amount, asked, badge, button, data, get, make, post, say, state} from "./tools.js";
import {room, showBoard} from "./board.js";
import {linkTo} from "./panel.js";
import {searchFor, suggest} from "./suggest.js";
import {action, word} from "./words.js";

let act = {}, firm = null, products = [], told = "", turn = 0;
export const setActions = (actions) => { act = actions; };
const nameOf = (id) => (data.products.has(id) ? data.products.get(id).name : id.replace(/^[pe]:/, ""));
const isEmpty = () => !state.scenario.arrivals.length && !state.scenario.departures.length;

// -- the scenario
const chip = (text, drop, sign = "") => {
  const item = make("li");
  item.append(`${sign}${text} `, button("✕", drop, {class: "tiny", "aria-label": `${word("remove")} ${text}`}));
  return item;
};
const listed = () => {
  const {arrivals, departures} = state.scenario, without = (list, at) => list.filter((_, other) => other !== at);
  $("comers").replaceChildren(...arrivals.map((each, at) => chip(
    [each.name, each.products.map(nameOf).join("、")].filter(Boolean).join("："), () => change(without(arrivals, at), departures), "＋ ")));
  $("leavers").replaceChildren(...departures.map((each, at) => chip(each.name, () => change(arrivals, without(departures, at)), "－ ")));
  $("comerProducts").replaceChildren(...products.map((id, at) => chip(nameOf(id), () => {
    products = without(products, at);
    listed();
  })));
  $("clearWhatif").disabled = isEmpty();
  $("runWhatif").disabled = isEmpty();
};
const change = (arrivals, departures) => {
  state.scenario = {arrivals, departures};
  act.commit({push: true});
  listed();
  showOutcome();
};
// somebody who comes already may be said to make one more product
export const bring = (each, product = "") => {
  const {arrivals, departures} = state.scenario, made = product ? [product] : [];
  const here = arrivals.find((other) => other.id === each.id);
  if (here) {
    const grown = {...here, products: [...new Set([...here.products, ...made])]};
    if (grown.products.length > here.products.length) change(arrivals.map((other) => (other === here ? grown : other)), departures);
    return;
  }
  change([...arrivals, {id: each.id, name: each.name, products: made}], departures.filter((other) => other.id !== each.id));
};
export const lose = (each) => {
  const {arrivals, departures} = state.scenario;
  if (departures.some((other) => other.id === each.id)) return;
  change(arrivals.filter((other) => other.id !== each.id), [...departures, {id: each.id, name: each.name}]);
};
const addComer = () => {
  const name = $("comer").value.trim(), known = firm && firm.name === name ? firm : null;
  if (!name) { say(word("needFirm")); return; }
  if (!known && !products.length) { say(word("needProduct")); return; }
  if (state.scenario.arrivals.some((each) => each.name === name)) { say(word("twice", name)); return; }
  const made = products;
  firm = null;
  products = [];
  $("comer").value = "";
  change([...state.scenario.arrivals, {id: known ? known.id : "", name, products: made}], state.scenario.departures);
};
const body = () => ({
  ...asked(), arrivals: state.scenario.arrivals.map((each) => ({id: each.id || "", name: each.name, products: each.products})),
  departures: state.scenario.departures.map((each) => each.id),
});

// -- what it changes
const table = (heads, lines) => {
  const made = make("table"), head = make("thead"), row = make("tr"), rest = make("tbody"), room = make("div", null, {class: "wide"});
  for (const each of heads) row.append(make("th", each, {scope: "col"}));
  head.append(row);
  for (const line of lines) {
    const cells = make("tr");
    cells.append(...line.map((each, at) => {
      const cell = make(at ? "td" : "th", null, at ? {} : {scope: "row"});
      cell.append(each);
      return cell;
    }));
    rest.append(cells);
  }
  made.append(head, rest);
  room.append(made);
  return room;
};
const good = (text, better) => make("span", text, better === null ? {} : {class: better ? "up" : "down"});
const delta = (value, unit) => {
  if (value === null) return "—";
  return value === 0 ? "0" : make("b", `${value > 0 ? "▲ +" : "▼ "}${amount(value)} ${unit || ""}`);
};
const part = (title, heads, lines) => [make("h2", title), lines.length ? table(heads, lines) : make("p", word("noChange"), {class: "soft"})];
const CHANGES = {消除: ["closed", true], 变化: ["altered", null], 新增: ["appeared", false]};
const write = (found) => {
  showBoard(found.statuses, bring);
  const changed = found.statuses.filter((row) => row.before !== row.after), counted = found.statuses.filter((row) => row.changed && row.before === row.after);
  const number = (rows, change) => rows.filter((row) => row.change === change).length;
  const counts = [changed.length, counted.length, ...["接通", "断开"].map((each) => number(found.links, each)),
    ...["消除", "变化", "新增"].map((each) => number(found.gaps, each))];
  const sum = make("p", word("sum", ...counts), {class: "sum"});
  const value = (each, unit) => (each === null ? "—" : `${amount(each)} ${unit || ""}`);
  $("outcome").replaceChildren(
    sum, room,
    ...part(word("changedLinks", changed.length), [word("name"), word("before"), word("after"), word("made")], changed.map((row) => [
      linkTo(row.id, row.name), badge(row.before), badge(row.after), `${row.makersBefore} → ${row.makersAfter}`])),
    ...(counted.length ? part(word("changedCounts", counted.length), [word("name"), word("status"), word("made")], counted.map((row) => [
      linkTo(row.id, row.name), badge(row.after), `${row.makersBefore} → ${row.makersAfter}`])) : []),
    ...part(word("linksOpen"), [word("up"), word("down"), word("change")], found.links.map((row) => [
      linkTo(row.from, nameOf(row.from)), linkTo(row.to, nameOf(row.to)), good(word(row.change === "接通" ? "opened" : "broken"), row.change === "接通")])),
    ...part(word("gapsChange"), [word("name"), word("change"), word("action"), word("detailCol")], found.gaps.map((row) => [
      linkTo(row.product, row.name), good(word(CHANGES[row.change][0]), CHANGES[row.change][1]), row.was ? `${action(row.was)} → ${action(row.action)}` : action(row.action), row.detail])),
    ...part(word("figuresChange"), [word("indicator"), word("before"), word("after"), word("change"), word("formula")], found.indicators.map((row) => [
      row.indicator, value(row.before, row.unit), value(row.after, row.unit), delta(row.change, row.unit), row.formula])));
};
const showOutcome = async () => {
  const key = JSON.stringify([body(), data.meta.version, state.lang]);
  $("ideas").hidden = !isEmpty();
  if (isEmpty()) {
    showBoard(null, bring);
    $("outcome").replaceChildren(room);
    told = key;
    return;
  }
  if (told === key) return;
  const mine = ++turn;
  $("outcome").replaceChildren(make("p", word("working")), room);
  try {
    const found = await post("whatif", body());
    if (mine !== turn) return;
    write(found);
    told = key;
  } catch (failure) { if (mine === turn) $("outcome").replaceChildren(make("p", failure.message, {class: "down"}), room); }
};
export const run = () => {
  told = "";
  return showOutcome();
};

// -- ideas to begin with: who would close the first gaps
const showIdeas = () => {
  const seen = new Set(), ideas = [];
  for (const gap of data.told.gaps) {
    const target = data.products.get(gap.product).targets[0];
    if (!target || seen.has(target.firm) || ideas.length === 3) continue;
    seen.add(target.firm);
    ideas.push(button(word("idea", data.told.firms[target.firm].short, gap.name), () => bring(data.told.firms[target.firm])));
  }
  $("ideaList").replaceChildren(...ideas);
  $("ideas").hidden = !isEmpty();
};
const drop = async (saved) => {
  await post(`scenarios/${encodeURIComponent(saved.id)}`, {}, "DELETE");
  await showSaved();
};
const showSaved = async () => {
  const saved = await get("scenarios"), failed = (failure) => say(failure.message);
  $("scenarios").replaceChildren(...saved.map((each) => {
    const item = make("li");
    item.append(
      button(each.name, () => act.open(each).catch(failed), {class: "link"}), make("span", `　${each.chain} · ${each.region} `, {class: "soft"}),
      button("✕", () => drop(each).catch(failed), {class: "tiny", "aria-label": `${word("del")} ${each.name}`}));
    return item;
  }));
};
export const showWhatif = async () => {
  listed();
  showIdeas();
  await Promise.all([showSaved(), showOutcome()]);
};
const save = async () => {
  const name = $("scenarioName").value.trim();
  if (!name || isEmpty()) { say(word(name ? "nothing" : "needName")); return; }
  await post("scenarios", {...body(), name});
  say(word("saved"));
  await showSaved();
};
export const setUp = () => {
  suggest($("comer"), searchFor("firm"), (hit) => { firm = hit; }, {keep: true, free: true});
  suggest($("comerProduct"), searchFor("product"), (hit) => {
    if (!data.products.has(hit.id)) { say(word("notHere", hit.name)); return; }
    if (!products.includes(hit.id)) products = [...products, hit.id];
    listed();
  });
  suggest($("leaver"), searchFor("local"), (hit) => lose(hit), {missed: (text) => say(word("notLocal", text))});
};
$("addComer").addEventListener("click", addComer);
$("runWhatif").addEventListener("click", run);
$("clearWhatif").addEventListener("click", () => change([], []));
$("saveScenario").addEventListener("click", () => save().catch((failure) => say(failure.message)));
