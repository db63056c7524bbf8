// Elements, requests, state. All text goes through textContent.
import {word, isEnglish} from "./words.js";

export const $ = (id) => document.getElementById(id);
export const make = (tag, text, attributes = {}) => {
  const element = document.createElement(tag);
  if (text !== null && text !== undefined) element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "class") element.className = value; else element.setAttribute(name, value);
  }
  return element;
};
export const button = (text, act, attributes = {}) => {
  const element = make("button", text, {type: "button", ...attributes});
  element.addEventListener("click", act);
  return element;
};
export const amount = (value) => typeof value === "number" ? value.toLocaleString("zh-CN", {maximumFractionDigits: 3}) : String(value);
// one decimal, halves up, as in the files: what is rounded is what is written, not its binary neighbour
export const tenths = (value) => (Math.round(Number(`${value}e1`)) / 10).toFixed(1);
// pairs of name and value; a third says how the value came about and is shown when the value is pressed
export const facts = (pairs) => {
  const list = make("dl");
  for (const [name, value, how] of pairs) {
    if (value === null || value === undefined || value === "") continue;
    const told = make("dd", how ? null : amount(value));
    if (how) {
      const more = make("details");
      more.append(make("summary", amount(value)), make("p", how, {class: "soft"}));
      told.append(more);
    }
    list.append(make("dt", name), told);
  }
  return list;
};
// a part written anew keeps the focus: on what says the same, else on its heading
export const keepFocus = (box, rewrite) => {
  const held = box.contains(document.activeElement) ? document.activeElement : null, text = held && held.textContent;
  rewrite();
  if (!held || box.contains(held)) return;
  const next = [...box.querySelectorAll("button, summary")].find((each) => each.textContent === text) || box.querySelector("h2, button");
  if (!next) return;
  if (next.tagName === "H2") next.tabIndex = -1;
  next.focus({preventScroll: true});
};
let quiet = 0, asker = null;
// takes back what was said; tells whether there was anything to answer
export const hush = () => {
  const open = !$("said").hidden && $("said").querySelector("button") !== null;
  if ($("said").contains(document.activeElement) && asker) asker.focus();
  $("said").hidden = true;
  return open;
};
// acts: pairs of a name and what it does; what offers them stays until it is answered, and takes the focus where it asks
export const say = (text, acts = [], {ask = false} = {}) => {
  const close = acts.length ? [button("✕", hush, {class: "tiny", "aria-label": word("close")})] : [];
  $("said").replaceChildren(text, ...acts.map(([name, does]) => button(name, () => {
    hush();
    does();
  }, {class: "tiny"})), ...close);
  $("said").hidden = false;
  clearTimeout(quiet);
  if (!acts.length) quiet = setTimeout(hush, 3200);
  if (!ask) return;
  asker = document.activeElement;
  $("said").querySelector("button").focus();
};

// -- the state: everything a link has to carry
export const state = {
  v: "map", chain: "", region: "", asOf: "", lang: "zh", n: "", off: [], stageOff: [], action: "", sideOff: [], ids: [], pins: {}, path: "",
  sort: "", text: "", rows: [], scenario: {arrivals: [], departures: []},
};
const LISTS = ["off", "stageOff", "sideOff", "ids", "rows"];
// only what would be read as something else is escaped, so that addresses stay short and can be read
const escaped = (text) => text.replace(/[%&+=#\s]/g, encodeURIComponent);
export const together = (ids) => ids.map((id) => id.replace(/[%~]/g, (sign) => (sign === "%" ? "%25" : "%7E"))).join("~");
export const apart = (text) => (text ? text.split("~").map(unescaped) : []);
export const wayOf = () => apart(state.path);
export const hashOf = (text) => new URL(`#${text}`, location.href).hash;
export const written = () => {
  const parts = [], set = (name, value) => parts.push(`${name}=${escaped(value)}`);
  for (const [name, value] of Object.entries(state)) {
    if (LISTS.includes(name)) { if (value.length) set(name, together(value)); }
    else if (name === "pins" || name === "scenario") {
      const told = JSON.stringify(value);
      if (!["{}", '{"arrivals":[],"departures":[]}'].includes(told)) set(name, told);
    }
    else if (value) set(name, value);
  }
  return parts.join("&");
};
export const unescaped = (text) => {
  try { return decodeURIComponent(text); } catch { return text; }
};
// an address can be written by anybody: what is no scenario is left out
const tidy = (given) => {
  const rows = (list) => (Array.isArray(list) ? list.filter((each) => each && typeof each === "object" && typeof each.name === "string") : []);
  const text = (value) => (typeof value === "string" ? value : "");
  return {
    arrivals: rows(given.arrivals).map((each) => ({
      id: text(each.id), name: each.name, products: (Array.isArray(each.products) ? each.products : []).filter((id) => typeof id === "string"),
    })),
    departures: rows(given.departures).map((each) => ({id: text(each.id), name: each.name})),
  };
};
export const readState = (text) => {
  const parts = new URLSearchParams(text), found = {};
  for (const name of Object.keys(state)) {
    const value = parts.getAll(name).pop(); // of two the later one, as if the first had been overwritten
    if (LISTS.includes(name)) found[name] = apart(value || "");
    else if (name === "pins" || name === "scenario") {
      const usual = name === "pins" ? {} : {arrivals: [], departures: []};
      try { found[name] = value ? JSON.parse(value) : usual; } catch { found[name] = usual; }
      if (typeof found[name] !== "object" || found[name] === null) found[name] = usual;
      if (name === "scenario") found[name] = tidy(found[name]);
    } else found[name] = value || "";
  }
  return found;
};

// what this browser looked at last; a browser may refuse to remember
const LAST = "lianpu.last";
export const remember = () => {
  try { localStorage.setItem(LAST, JSON.stringify({chain: state.chain, region: state.region})); } catch { /* then not */ }
};
export const remembered = () => {
  try {
    const {chain, region} = JSON.parse(localStorage.getItem(LAST));
    return {chain: String(chain || ""), region: String(region || "")};
  } catch { return {chain: "", region: ""}; }
};

// -- requests
export const events = new EventTarget();
export const asked = () => ({chain: state.chain, region: state.region, as_of: state.asOf});
const query = (values) => new URLSearchParams(Object.entries(values).filter(([, value]) => !["", undefined, null].includes(value))).toString();
let open = 0;
// the sign goes out a little later than the last answer comes in: one question often leads to the next
const busy = (step) => {
  open += step;
  if (open) document.documentElement.setAttribute("data-busy", "");
  else setTimeout(() => { if (!open) document.documentElement.removeAttribute("data-busy"); }, 30);
};
const request = async (path, options, read) => {
  busy(1);
  try { return await read(await asking(path, options)); } finally { busy(-1); }
};
const asking = async (path, options) => {
  let answer;
  try { answer = await fetch(path, options); } catch {
    events.dispatchEvent(new Event("gone"));
    throw new Error(word("gone"));
  }
  events.dispatchEvent(new Event("back"));
  if (answer.ok) return answer;
  if (answer.status === 401) events.dispatchEvent(new Event("token"));
  const told = await answer.json().catch(() => ({message: String(answer.status), hint: ""}));
  const failure = new Error([told.message, told.hint].filter(Boolean).join("　"));
  failure.status = answer.status;
  throw failure;
};
const asJson = (answer) => answer.json();
export const get = (path, values = {}) => request(`/api/${path}?${query(values)}`, {headers: {accept: "application/json"}}, asJson);
export const getText = (path, values = {}) => request(`/api/${path}?${query(values)}`, {}, (answer) => answer.text());
export const getBlob = (path, values = {}) => request(`/api/${path}?${query(values)}`, {}, (answer) => answer.blob());
const send = (path, values, method, read) => request(
  `/api/${path}`, {method, headers: {"content-type": "application/json"}, body: JSON.stringify(values)}, read);
export const post = (path, values, method = "POST") => send(path, values, method, asJson);
// a file: what it is called, and what is in it
export const fetchFile = (path, values) => send(path, values, "POST", async (answer) => ({
  name: unescaped(((answer.headers.get("content-disposition") || "").match(/filename\*=UTF-8''([^;]+)/) || ["", ""])[1]), blob: await answer.blob()}));
export const download = (blob, name) => {
  const link = make("a", null, {download: name});
  link.href = URL.createObjectURL(blob);
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 8000);
};

// -- what is shown of the chain
export const data = {meta: null, told: null, products: new Map(), inputs: new Map(), uses: new Map(), gapsOf: new Map()};
export const take = (told) => {
  data.told = told;
  data.products = new Map(told.products.map((each) => [each.id, each]));
  data.inputs = new Map(told.products.map((each) => [each.id, []]));
  data.uses = new Map(told.products.map((each) => [each.id, []]));
  for (const arc of told.arcs) { data.inputs.get(arc.to).push(arc.from); data.uses.get(arc.from).push(arc.to); }
  data.gapsOf = new Map();
  for (const gap of told.gaps) data.gapsOf.set(gap.product, [...(data.gapsOf.get(gap.product) || []), gap]);
};
export const chainName = (id) => (data.meta.chains.find((each) => each.id === id) || {name: id}).name;
export const passes = (product, {off = state.off, stageOff = state.stageOff} = {}) => !off.includes(product.look) && !stageOff.includes(product.stage) &&
  (!state.action || (data.gapsOf.get(product.id) || []).some((gap) => gap.action === state.action));
export const named = (key) => (isEnglish() ? data.meta.looks[key].english : data.meta.looks[key].word);
export const status = (key) => `${data.meta.looks[key].symbol} ${named(key)}`;
export const badge = (key) => {
  const look = data.meta.looks[key], shown = make("span", status(key), {class: look.hatched ? "badge dash" : "badge"});
  shown.style.background = look.fill;
  shown.style.color = look.text;
  shown.style.borderColor = look.border;
  return shown;
};
