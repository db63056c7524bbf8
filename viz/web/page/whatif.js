// What if: who comes, who leaves, and what that changes. Nothing is written but named scenarios.
import {$, amount, asked, badge, button, chainName, data, get, make, post, say, state} from "./tools.js";
import {placeName} from "./places.js";
import {room, setActions as setBoardActions, showBoard} from "./board.js";
import {linkTo} from "./panel.js";
import {meant, searchFor, suggest} from "./suggest.js";
import {term} from "./terms.js";
import {action, word} from "./words.js";

const results = make("div", null, {"aria-live": "polite"}); // the board below it stays where it is
let statuses = null, act = {}, firm = null, products = [], told = "", turn = 0; // firm: who was picked from the list; one without id is new
export const setActions = (actions) => {
  act = actions;
  setBoardActions(actions);
};
const nameOf = (id) => (data.products.has(id) ? data.products.get(id).name : id.replace(/^[pe]:/, ""));
const tried = (does) => () => does().catch((failure) => say(failure.message));
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
    [each.id ? each.name : `${each.name}（${word("newFirm")}）`, each.products.map(nameOf).join("、")].filter(Boolean).join("："), () => change(without(arrivals, at), departures), "＋ ")));
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
// the firm that is meant by what stands in the field; a name that no list holds is a new one, one that others hold has to be said to be new
const comer = async () => {
  const name = $("comer").value.trim();
  if (!name) { say(word("needFirm")); return null; }
  if (firm && firm.name === name) return firm;
  const found = await meant(searchFor("firm"), name);
  if (!found || found.name === name) return found || {id: "", name};
  $("comer").focus();
  $("comer").dispatchEvent(new Event("input"));
  say(word("whichFirm", name));
  return null;
};
const isHere = async (id) => {
  const known = data.told.firms[id];
  return (known ? known.kind : (await get(`nodes/${encodeURIComponent(id)}`, asked())).side) === "local";
};
const addComer = async () => {
  const found = await comer(), made = products;
  if (!found) return;
  if (state.scenario.arrivals.some((each) => (found.id ? each.id === found.id : each.name === found.name))) { say(word("twice", found.name)); return; }
  if (found.id && await isHere(found.id)) { say(word("hereAlready", found.name)); return; }
  if (!found.id && !made.length) { say(word("needProduct")); return; }
  firm = null;
  products = [];
  $("comer").value = "";
  change([...state.scenario.arrivals, {id: found.id, name: found.name, products: made}], state.scenario.departures);
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
// the indicator of the levels of making has no figure: what is had by stage can be counted here
const byStage = (rows) => {
  const had = (key) => ["strong", "covered", "weak"].includes(key), stages = data.told.stages.filter((stage) => rows.some((row) => row.stage === stage));
  const tell = (when) => stages.map((stage) => {
    const here = rows.filter((row) => row.stage === stage);
    return `${term(stage) || word("noStage")} ${here.filter((row) => had(row[when])).length}/${here.length}`;
  }).join(" · ");
  const sum = (when) => rows.filter((row) => had(row[when])).length, change = sum("after") - sum("before");
  return [word("byStage"), tell("before"), tell("after"), delta(change, ""), word("byStageHow")];
};
const figures = (found) => {
  const value = (each, unit) => (each === null ? "—" : `${amount(each)} ${unit || ""}`);
  const rows = found.indicators.filter((row) => !(row.before === null && row.after === null && row.indicator.startsWith("上游/")));
  return [...rows.map((row) => [term(row.indicator), value(row.before, term(row.unit)), value(row.after, term(row.unit)), delta(row.change, term(row.unit)), row.formula]), byStage(found.statuses)];
};
const write = (found) => {
  statuses = found.statuses;
  showBoard(statuses, bring);
  const changed = found.statuses.filter((row) => row.before !== row.after), counted = found.statuses.filter((row) => row.changed && row.before === row.after);
  const number = (rows, change) => rows.filter((row) => row.change === change).length;
  const counts = [changed.length, counted.length, ...["接通", "断开"].map((each) => number(found.links, each)),
    ...["消除", "变化", "新增"].map((each) => number(found.gaps, each))];
  const sum = make("p", word("sum", ...counts), {class: "sum"});
  results.replaceChildren(
    sum,
    ...part(word("changedLinks", changed.length), [word("name"), word("before"), word("after"), word("made")], changed.map((row) => [
      linkTo(row.id, row.name), badge(row.before), badge(row.after), `${row.makersBefore} → ${row.makersAfter}`])),
    ...(counted.length ? part(word("changedCounts", counted.length), [word("name"), word("status"), word("made")], counted.map((row) => [
      linkTo(row.id, row.name), badge(row.after), `${row.makersBefore} → ${row.makersAfter}`])) : []),
    ...part(word("linksOpen"), [word("up"), word("down"), word("change")], found.links.map((row) => [
      linkTo(row.from, nameOf(row.from)), linkTo(row.to, nameOf(row.to)), good(word(row.change === "接通" ? "opened" : "broken"), row.change === "接通")])),
    ...part(word("gapsChange"), [word("name"), word("change"), word("action"), word("detailCol")], found.gaps.map((row) => [
      linkTo(row.product, row.name), good(word(CHANGES[row.change][0]), CHANGES[row.change][1]), row.was ? `${action(row.was)} → ${action(row.action)}` : action(row.action), row.detail])),
    ...part(word("figuresChange"), [word("indicator"), word("before"), word("after"), word("change"), word("formula")], figures(found)));
};
const showOutcome = async () => {
  const key = JSON.stringify([body(), data.meta.version, state.lang]);
  $("ideas").hidden = !isEmpty();
  if (isEmpty()) {
    statuses = null;
    showBoard(null, bring);
    results.replaceChildren();
    told = key;
    return;
  }
  if (told === key) {
    showBoard(statuses, bring);
    return;
  }
  const mine = ++turn;
  if (!results.childElementCount) results.replaceChildren(make("p", word("working")));
  try {
    const found = await post("whatif", body());
    if (mine !== turn) return;
    write(found);
    told = key;
  } catch (failure) { if (mine === turn) results.replaceChildren(make("p", failure.message, {class: "down"})); }
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
// what is deleted can be had back as long as the note stands
const drop = async (saved) => {
  await post(`scenarios/${encodeURIComponent(saved.id)}`, {}, "DELETE");
  await showSaved();
  const {arrivals, departures} = saved.scenario, back = {chain: saved.chain, region: saved.region, name: saved.name, arrivals, departures};
  say(word("deleted", saved.name), [[word("undo"), tried(async () => {
    await post("scenarios", back);
    await showSaved();
  })]]);
};
const showSaved = async () => {
  const saved = await get("scenarios"), failed = (failure) => say(failure.message);
  const places = new Map(await Promise.all([...new Set(saved.map((each) => each.region))].map(async (code) => [code, await placeName(code)])));
  $("scenarios").replaceChildren(...saved.map((each) => {
    const item = make("li");
    item.append(
      button(each.name, () => act.open(each).catch(failed), {class: "link"}), make("span", `　${chainName(each.chain)} · ${places.get(each.region)} `, {class: "soft"}),
      button("✕", () => drop(each).catch(failed), {class: "tiny", "aria-label": `${word("del")} ${each.name}`}));
    return item;
  }));
};
// the filters at the left leave links out of the board, not out of the answer
export const paint = () => showBoard(statuses, bring);
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
  suggest($("comer"), searchFor("firm"), (hit) => { firm = hit; }, {keep: true, fresh: (text) => word("asNew", text), again: tried(addComer)});
  suggest($("comerProduct"), searchFor("product"), (hit) => {
    if (!data.products.has(hit.id)) { say(word("notHere", hit.name)); return; }
    if (!products.includes(hit.id)) products = [...products, hit.id];
    listed();
  });
  suggest($("leaver"), searchFor("local"), (hit) => lose(hit), {missed: (text) => say(word("notLocal", text))});
};
$("outcome").append(results, room);
$("addComer").addEventListener("click", tried(addComer));
$("runWhatif").addEventListener("click", run);
$("clearWhatif").addEventListener("click", () => change([], []));
$("saveScenario").addEventListener("click", tried(save));
