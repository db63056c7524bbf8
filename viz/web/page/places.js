// The region as a tree: what it lies in, and what lies in it.
import {$, button, data, get, make, state} from "./tools.js";
import {word} from "./words.js";

const COUNTRY = "000000";
let go = () => {}, shown = "";
export const setGo = (does) => { go = does; };

// codes of what a region lies in; cities and counties that answer to the province directly have no city
const above = (code) => [...new Set([COUNTRY, `${code.slice(0, 2)}0000`, `${code.slice(0, 4)}00`])].filter((each) => each !== code);
const exact = async (code) => (await get("regions", {q: code})).find((each) => each.code === code);

// what a place that was kept with something is called; a park or a code that is gone, as it was written
const called = new Map();
export const placeName = async (code) => {
  if (!called.has(code)) called.set(code, /^\d{6}$/.test(code) ? ((await exact(code)) || {full: code}).full : code.replace(/^park:/, ""));
  return called.get(code);
};
export const showPlaces = async () => {
  const place = data.told.place, code = /^\d{6}$/.test(place) ? place : "", key = `${place} ${state.lang}`;
  if (shown === key) return;
  shown = key;
  const ways = code === COUNTRY ? [] : (await Promise.all((code ? above(code) : [COUNTRY]).map(exact))).filter(Boolean);
  const below = code ? await get("regions", {parent: code}) : [];
  if (shown !== key) return;
  const up = make("p", null, {class: "crumbs"});
  for (const each of ways) up.append(button(each.name, () => go(each.code), {class: "link"}), " › ");
  const before = ways.filter((each) => each.code !== COUNTRY).map((each) => each.name).join("");
  up.append(make("b", data.told.placeName.replace(before, "")));
  const list = make("ul", null, {class: "plain"}), more = make("details");
  list.append(...below.map((each) => {
    const item = make("li");
    item.append(button(each.name, () => go(each.code), {class: "link"}));
    return item;
  }));
  more.append(make("summary", word("below", below.length)), list);
  $("places").replaceChildren(up, ...(below.length ? [more] : []));
};
