// The chain map, live: the server's drawing with hover, choice, filters and counts.
import {$, amount, asked, data, getBlob, getText, make, passes, state, status} from "./tools.js";
import {term} from "./terms.js";
import {word} from "./words.js";
import * as zoom from "./zoom.js";

let act = {}, drawn = "", turn = 0;
export const setActions = (actions) => { act = actions; };
const boxes = () => [...$("map").querySelectorAll("g[data-id]")];
const idOf = (box) => `p:${box.dataset.id}`;
const boxOf = (id) => boxes().find((box) => idOf(box) === id);

export const loadMap = async () => {
  const key = JSON.stringify([asked(), data.meta.version, state.lang]);
  if (drawn !== key) {
    const mine = ++turn;
    const text = await getText(`chains/${encodeURIComponent(state.chain)}/map.svg`, {region: state.region, as_of: state.asOf});
    if (mine !== turn) return;
    const root = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
    if (root.nodeName !== "svg") throw new Error(word("gone"));
    for (const element of root.querySelectorAll("script, foreignObject, a, use, image, style")) element.remove();
    $("map").replaceChildren(document.importNode(root, true));
    boxes().forEach(wake);
    drawn = key;
  }
  zoom.refresh();
  showMap();
  bringIntoSight();
};
const wake = (box) => {
  const product = data.products.get(idOf(box));
  if (!product) return;
  box.setAttribute("role", "button");
  box.setAttribute("aria-label", `${product.name} ${status(product.look)}`);
  box.addEventListener("click", () => moved || act.choose(product.id));
  box.addEventListener("dblclick", () => act.explore(product.id));
  box.addEventListener("keydown", (event) => press(event, product));
  for (const name of ["mouseenter", "focus"]) box.addEventListener(name, () => light(product.id));
  for (const name of ["mouseleave", "blur"]) box.addEventListener(name, () => light(""));
};
// one stop of the Tab key for the whole map; arrows go to the next box in their direction
const press = (event, product) => {
  const step = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[event.key];
  if (event.key === "Enter" || event.key === " ") act.choose(product.id);
  else if (event.key.toLowerCase() === "e" && !event.ctrlKey && !event.metaKey && !event.altKey) act.explore(product.id);
  else if (step) nextBox(event.currentTarget, step);
  else return;
  event.preventDefault();
  event.stopPropagation();
};
const middle = (box) => {
  const at = box.getBoundingClientRect();
  return {x: at.x + at.width / 2, y: at.y + at.height / 2};
};
const nextBox = (from, [across, down]) => {
  const here = middle(from);
  const ahead = boxes().map((box) => {
    const at = middle(box), dx = at.x - here.x, dy = at.y - here.y, along = dx * across + dy * down;
    return {box, along, far: along + 3 * Math.abs(dx * down + dy * across)};
  }).filter((each) => each.along > 2).sort((a, b) => a.far - b.far)[0];
  if (!ahead) return;
  tabStop(ahead.box);
  ahead.box.focus();
};
const tabStop = (box) => { for (const each of boxes()) each.setAttribute("tabindex", each === box ? "0" : "-1"); };
const light = (hovered) => {
  const centre = hovered || (data.products.has(state.n) ? state.n : "");
  const suppliers = new Set(data.inputs.get(centre) || []), customers = new Set(data.uses.get(centre) || []);
  for (const box of boxes()) {
    const id = idOf(box), product = data.products.get(id), near = !centre || id === centre || suppliers.has(id) || customers.has(id);
    box.classList.toggle("dim", !product || !passes(product) || (Boolean(hovered) && !near));
    box.classList.toggle("supplier", suppliers.has(id));
    box.classList.toggle("customer", customers.has(id));
    box.classList.toggle("chosen", id === state.n);
    box.setAttribute("aria-pressed", String(id === state.n));
  }
};
export const focusBox = (id) => {
  const box = boxOf(id);
  if (box) box.focus();
};
export const bringIntoSight = () => {
  const box = boxOf(state.n);
  if (box && zoom.isLarge()) box.scrollIntoView({block: "nearest", inline: "nearest"});
};
export const showMap = () => {
  const shown = data.told.products.filter((each) => passes(each)), counts = new Map();
  for (const product of shown) counts.set(product.look, (counts.get(product.look) || 0) + 1);
  const told = Object.keys(data.meta.looks).filter((key) => counts.has(key)).map((key) => `${status(key)} ${counts.get(key)}`);
  $("mapCount").textContent = [word("shownLinks", shown.length, data.told.products.length), ...told].join("　");
  tabStop(boxOf(state.n) || boxes()[0]);
  light("");
  showFigures();
};
const showFigures = () => {
  const table = make("table"), head = make("tr"), top = make("thead"), body = make("tbody");
  for (const key of ["indicator", "value", "formula", "basis"]) head.append(make("th", word(key), {scope: "col"}));
  for (const row of data.told.indicators) {
    const line = make("tr"), value = row.value === null ? "—" : `${amount(row.value)} ${term(row.unit) || ""}`;
    line.append(make("th", term(row.indicator), {scope: "row"}), make("td", value, {class: "n"}), make("td", row.formula), make("td", row.basis));
    body.append(line);
  }
  top.append(head);
  table.append(top, body);
  $("figures").querySelector("div").replaceChildren(table);
};
export const mapSvg = () => {
  const copy = $("map").querySelector("svg").cloneNode(true);
  copy.removeAttribute("style");
  for (const box of copy.querySelectorAll("g[data-id]")) {
    for (const name of ["class", "tabindex", "role", "aria-label", "aria-pressed"]) box.removeAttribute(name);
  }
  return new Blob([new XMLSerializer().serializeToString(copy)], {type: "image/svg+xml"});
};
// drawn by the server, which has the letters that this machine may lack
const print = (form) => getBlob(`chains/${encodeURIComponent(state.chain)}/map.${form}`, {region: state.region, as_of: state.asOf});
export const mapPng = () => print("png");
export const mapPdf = () => print("pdf");

// dragging moves the sheet
let drag = null, moved = false;
$("map").addEventListener("pointerdown", (event) => {
  moved = false;
  if (event.button === 0 && event.pointerType === "mouse") drag = {x: event.clientX, y: event.clientY, from: [event.clientX, event.clientY]};
});
window.addEventListener("pointermove", (event) => {
  if (!drag || !event.buttons) { drag = null; return; }
  const [across, down] = [drag.x - event.clientX, drag.y - event.clientY];
  moved = moved || Math.hypot(across, down) > 3;
  $("map").scrollBy(across, down);
  drag = {x: event.clientX, y: event.clientY, from: [event.clientX, event.clientY]};
});
