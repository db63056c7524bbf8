// Looking around: search first, expand on demand, never more than 600 nodes; every step can be taken back and is in the address.
import {arrange, begin, canvas, element, fit, look, SIGNS, still} from "./canvas.js";
import {$, asked, button, data, get, keepFocus, make, passes, post, say, state, together, wayOf as wayIds} from "./tools.js";
import {word} from "./words.js";

const MOST = 600, STEP = 36, UNDO = 20;
let act = {}, undo = [], redo = [], drawn = "", turn = 0;
export const setActions = (actions) => { act = actions; };
export {fit};
const node = (id) => canvas.cy.getElementById(id);
export const nameOf = (id) => (has(id) ? node(id).data("name") : "");
export const has = (id) => Boolean(canvas.cy && id && node(id).length);

// -- drawing what the state says
export const draw = async ({refit = true} = {}) => {
  if (!canvas.cy) {
    begin({choose, paint, pin, expand: (id) => expand(id).catch((failure) => say(failure.message))});
  }
  canvas.cy.resize();
  state.ids = state.ids.filter((id) => /^[pe]:./.test(id)).slice(0, MOST);
  const key = () => JSON.stringify([state.ids, asked(), data.meta.version]);
  if (drawn !== key()) {
    const mine = ++turn;
    const found = state.ids.length ? await post("subgraph", {...asked(), ids: state.ids}) : {nodes: [], edges: []};
    if (mine !== turn) return;
    const names = new Set(found.nodes.map((each) => each.id));
    state.ids = state.ids.filter((id) => names.has(id));
    fill(found);
    drawn = key();
    arrange();
    if (refit) look();
  }
  paint();
  await recall();
};
const fill = (found) => {
  const {cy} = canvas;
  cy.batch(() => {
    cy.elements().remove();
    cy.add(found.nodes.map((each) => ({group: "nodes", data: element(each)})));
    cy.add(found.edges.map((edge, at) => ({
      group: "edges", data: {id: `e${at}`, source: edge.from, target: edge.to, relation: edge.relation, broken: edge.broken},
    })));
  });
  canvas.hovered = "";
  canvas.picked = new Set([...canvas.picked].filter((id) => has(id)));
};

// -- light: who is chosen, who is near, what the filters leave
const wayPairs = () => {
  const ids = wayIds(), pairs = new Set();
  for (let at = 0; at + 1 < ids.length; at += 1) pairs.add(`${ids[at]}\n${ids[at + 1]}`).add(`${ids[at + 1]}\n${ids[at]}`);
  return pairs;
};
const unwanted = (each) => {
  const firm = each.data("kind") === "firm", product = data.products.get(firm ? canvas.owner.get(each.id()) : each.id());
  return {
    gone: firm && (state.sideOff.includes(each.data("side")) || (state.sideOff.includes("untitled") && !each.data("titled"))),
    dim: Boolean(product && !passes(product)),
  };
};
// who makes what is told by the lists below the boxes; lines to other boxes come when one of their ends is looked at
// of its own accord only what the enterprise in the centre makes has lines
const listedBelow = ([firm, product]) => canvas.owner.get(firm) === product && !state.pins[firm] && !state.pins[product];
export const paint = () => {
  const {cy, hovered} = canvas;
  if (!cy) return;
  cy.batch(() => {
    cy.nodes().unselect();
    for (const id of [state.n, ...canvas.picked]) if (has(id)) node(id).select();
    const near = has(hovered) ? node(hovered).closedNeighborhood() : null, way = wayPairs();
    const lit = new Set([hovered, state.n.startsWith("e:") ? state.n : ""]);
    for (const each of cy.nodes()) {
      const {gone, dim} = unwanted(each);
      each.toggleClass("dim", dim || Boolean(near && !near.contains(each)));
      each.toggleClass("quiet", gone);
    }
    for (const edge of cy.edges()) {
      const ends = [edge.source().id(), edge.target().id()], along = way.has(ends.join("\n"));
      const unasked = listedBelow(ends) || (!(canvas.star && ends[0] === canvas.star.id()) && !ends.some((id) => lit.has(id)));
      edge.toggleClass("quiet", edge.data("relation") === "makes" && !along && unasked);
      edge.toggleClass("dim", edge.source().hasClass("dim") || edge.target().hasClass("dim") || Boolean(near && !near.contains(edge)));
      edge.toggleClass("way", along);
    }
  });
  tell();
};
const tell = () => {
  const {cy, picked} = canvas, count = cy.nodes().length, seen = cy.nodes().filter((each) => !each.hasClass("quiet")).length;
  const lines = cy.edges().filter((each) => !each.source().hasClass("quiet") && !each.target().hasClass("quiet")).length;
  $("empty").hidden = count > 0;
  $("exploreCount").textContent = count ? word(picked.size > 1 ? "canvasPicked" : "canvasCount", seen === count ? count : word("shownOf", seen, count), lines, picked.size) : "";
  $("undo").disabled = !undo.length;
  $("redo").disabled = !redo.length;
  for (const id of ["fit", "clear"]) $(id).disabled = !count;
  listShown();
};
const listShown = () => {
  const all = canvas.cy.nodes().length, rows = canvas.cy.nodes().filter((each) => !each.hasClass("quiet")).toArray();
  $("shown").hidden = !all;
  $("shownTitle").textContent = word("onCanvas", rows.length === all ? all : word("shownOf", rows.length, all));
  if (!$("shown").open) return;
  keepFocus($("shownList"), () => $("shownList").replaceChildren(...rows.map((each) => {
    const item = make("li"), link = button(each.data("label"), () => act.choose(each.id()), {class: "link"});
    if (each.id() === state.n) link.setAttribute("aria-current", "true");
    item.append(link);
    return item;
  })));
};
const choose = (id) => {
  canvas.picked = new Set();
  act.choose(id, {move: false});
};
const moment = () => ({ids: state.ids, pins: state.pins, path: state.path});
const remember = () => {
  undo = [...undo.slice(-UNDO + 1), moment()];
  redo = [];
};
const pin = (dragged) => {
  remember();
  const at = dragged.position();
  state.pins = {...state.pins, [dragged.id()]: [Math.round(at.x), Math.round(at.y)]};
  act.commit();
  tell();
};

// -- what changes the canvas; every change can be taken back
const change = async (ids, {refit = true, pins = state.pins, path = "", push = true} = {}) => {
  if (ids.length > MOST) say(word("full"));
  remember();
  Object.assign(state, {ids: [...new Set(ids)].slice(0, MOST), pins, path});
  await draw({refit});
  act.commit({push});
};
const back = async (from, to) => {
  const last = from.pop();
  if (!last) return;
  to.push(moment());
  Object.assign(state, last);
  drawn = "";
  await draw();
  act.commit();
};
export const undoLast = () => back(undo, redo);
export const redoLast = () => back(redo, undo);
export const forget = () => {
  undo = [];
  redo = [];
};
export const clear = () => change([], {pins: {}});
export const add = (ids) => change([...state.ids, ...ids]);

const around = (id, offset = 0) => get(`nodes/${encodeURIComponent(id)}/neighbors`, {...asked(), limit: STEP, offset});
// makers elsewhere who are no targets are many and seldom wanted: the list in the panel has them
const wanted = (rows) => rows.filter((row) => row.relation !== "outside" || row.side === "target").map((row) => row.id);
export const expand = async (id) => {
  if (!id) return;
  const fresh = (page) => wanted(page.rows).filter((each) => !state.ids.includes(each));
  let found = await around(id);
  while (!fresh(found).length && found.offset + STEP < found.total && found.offset < 400) found = await around(id, found.offset + STEP);
  const grown = fresh(found);
  if (grown.length || !state.ids.includes(id)) await change([...state.ids, id, ...grown]);
  const left = found.total - found.offset - found.rows.length + found.rows.filter((row) => !state.ids.includes(row.id)).length;
  if (left > 0) say(word("rest", left));
  else if (!grown.length) say(word("allShown"));
};
export const collapse = async (id) => {
  if (!has(id)) return;
  const ends = node(id).neighborhood("node").filter((each) => each.neighborhood("node").length === 1).map((each) => each.id());
  if (ends.length) await change(state.ids.filter((each) => !ends.includes(each)));
};
export const centre = async (id) => change([id, ...wanted((await around(id)).rows)], {pins: {}});
export const hide = async (ids) => {
  const gone = new Set(canvas.picked.size ? canvas.picked : ids);
  canvas.picked = new Set();
  if (state.ids.some((id) => gone.has(id))) await change(state.ids.filter((id) => !gone.has(id)), {refit: false, push: false});
};
export const focusOn = (id) => {
  if (!has(id)) return;
  const at = node(id).renderedBoundingBox(), room = $("canvas");
  const inside = at.x1 > 0 && at.y1 > 0 && at.x2 < room.clientWidth && at.y2 < room.clientHeight;
  if (!inside) canvas.cy.animate({center: {eles: node(id)}, duration: still() ? 0 : 200});
};

// -- ways; the way shown is in the address, its alternatives are asked for again
let ways = {key: "", directed: true, paths: []};
const askWays = async (start, end) => {
  const key = JSON.stringify([start, end, asked(), data.meta.version]);
  if (ways.key !== key) ways = {...(await get("path", {...asked(), a: start, b: end})), key};
  return ways;
};
// an old way must not stand beside the answer that there is none: it goes, as a step that can be taken back
export const noWay = async (text) => {
  const alone = state.ids.join("\n") === wayIds().join("\n");
  if (state.path && canvas.cy) await change(alone ? [] : state.ids, {pins: alone ? {} : state.pins, refit: false});
  tellWay(text);
};
const tellWay = (text) => {
  $("paths").replaceChildren(make("p", text, {class: "small"}));
  say(text);
};
const between = (found, way) => (way.length > 2 ? word("pathBy", way.slice(1, -1).map((id) => found.names[id] || id.slice(2)).join(" → ")) : "");
export const findPath = async (start, end) => {
  if (!start || !end) { say(word("pickBoth")); return; }
  if (start === end) { await noWay(word("sameEnds")); return; }
  let found;
  try { found = await askWays(start, end); } catch (failure) {
    if (failure.status) await noWay(failure.message);
    else tellWay(failure.message); // no answer is not the answer that there is none
    return;
  }
  if (!found.paths.length) { await noWay(word("noPath")); return; }
  say(word("pathFound", found.paths.length, word(found.directed ? "along" : "any")));
  state.n = ""; // goes into the history with the way, not before it
  await showWay(found.paths[0]);
  act.choose("");
};
const showWay = (ids) => change(ids, {pins: {}, path: together(ids)});
const recall = async () => {
  const ids = wayIds();
  if (ids.length < 2) { $("paths").replaceChildren(); return; }
  act.setEnd("from", ids[0]);
  act.setEnd("to", ids[ids.length - 1]);
  const found = await askWays(ids[0], ids[ids.length - 1]);
  $("paths").replaceChildren(make("p", word(found.directed ? "along" : "any"), {class: "small"}), ...found.paths.map((way, at) => button(
    word("pathN", at + 1, way.length - 1) + between(found, way), () => showWay(way), {"aria-pressed": String(way.join("\n") === ids.join("\n"))})));
};

// -- keyboard on the canvas
const STEPS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};
const walk = ([across, down]) => {
  const {cy} = canvas;
  if (!has(state.n)) {
    if (cy.nodes().length) act.choose(cy.nodes()[0].id());
    return;
  }
  const from = node(state.n), here = from.position();
  const off = (each) => ({x: each.position("x") - here.x, y: each.position("y") - here.y});
  const alike = across && from.data("kind") === "product" ? "node[kind='product']" : "node"; // sideways along supply, down to the firms
  const pool = across ? from.neighborhood(alike) : cy.nodes().filter((each) => Math.abs(off(each).x) < 60);
  const ahead = pool.filter((each) => !each.hasClass("quiet") && off(each).x * across + off(each).y * down > 4);
  const next = ahead.sort((a, b) => Math.hypot(off(a).x, off(a).y) - Math.hypot(off(b).x, off(b).y))[0];
  if (next) act.choose(next.id());
};
export const key = (event) => {
  const id = state.n, pressed = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (!canvas.cy) return false;
  if (STEPS[pressed]) {
    walk(STEPS[pressed]);
    return true;
  }
  const drop = () => hide(id ? [id] : []);
  const does = {
    e: () => expand(id), c: () => id && centre(id), h: drop, Delete: drop, p: () => id && act.setEnd(act.nextEnd(), id), f: fit, 0: fit,
  }[pressed];
  if (!does) return false;
  Promise.resolve(does()).catch((failure) => say(failure.message));
  return true;
};

export const showExamples = () => {
  $("examples").replaceChildren(...data.told.gaps.slice(0, 3).map((gap) => button(
    `${data.meta.looks[gap.look].symbol} ${gap.name}`, () => act.explore(gap.product))));
};
export const legendText = () => [...Object.entries(SIGNS).map(([side, sign]) => `${sign} ${word(side)}`), `╌▶ ${word("cut")}`, `╍> ${word("byproduct")}`, `┈▶ ${word("deals")}`, `── ${word("relmakes")}`];
for (const [id, does] of [["undo", undoLast], ["redo", redoLast], ["fit", fit], ["clear", clear]]) {
  $(id).addEventListener("click", () => Promise.resolve(does()).catch((failure) => say(failure.message)));
}
$("shown").addEventListener("toggle", () => canvas.cy && listShown());
