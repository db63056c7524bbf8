// The frame: state and address, chain and place, the four views, shortcuts.
import * as explore from "./explore.js";
import * as gaps from "./gaps.js";
import * as map from "./map.js";
import * as nearby from "./nearby.js";
import * as panel from "./panel.js";
import * as whatif from "./whatif.js";
import {commit, copyLink} from "./address.js";
import {aged, banner, isCovered, loaded as uncover, unloaded} from "./banner.js";
import {showFilters} from "./filters.js";
import {closeDetail, fold, NARROW, openDetail, SMALL, unfolded} from "./fold.js";
import * as finding from "./found.js";
import {hasToken, logIn, setEntered, takeToken} from "./login.js";
import {canvasPng, canvasSvg} from "./picture.js";
import {setGo, showPlaces} from "./places.js";
import {meant, searchFor, suggest} from "./suggest.js";
import {$, asked, chainName, data, download, events, get, hashOf, hush, make, readState, remember, remembered, say, state, take, written} from "./tools.js";
import {isEnglish, setLanguage, word} from "./words.js";
import {key as zoomKey} from "./zoom.js";

const VIEWS = ["map", "explore", "gaps", "whatif"];
const ends = {from: "", to: ""};
let loaded = "", held = "", turn = 0, gone = false, ready = false;
const failed = (failure) => say(failure.message);

events.addEventListener("gone", () => {
  gone = true;
  banner(word("gone"), {bad: true, act: again});
});
events.addEventListener("back", () => {
  if (!gone) return;
  gone = false;
  aged();
  if (isCovered()) show({refit: false});
});

// -- loading; of two loads at once the later one counts
const load = async () => {
  const key = JSON.stringify([asked(), data.meta.version, state.lang]);
  if (key === loaded) return true;
  const mine = ++turn;
  const told = await get(`chains/${encodeURIComponent(state.chain)}`, {region: state.region, as_of: state.asOf});
  if (mine !== turn) return false;
  take(told);
  loaded = key;
  remember();
  document.title = isEnglish() ? word("pageTitle", chainName(state.chain), told.placeName) : told.title;
  $("region").value = told.placeName;
  $("asOf").value = state.asOf || told.asOf;
  for (const id of ["lang", "chain"]) $(id).value = state[id];
  const sampled = told.products.some((each) => each.look === "suspected");
  $("told").textContent = [told.asked ? word("onDay", told.asked) : "", word("dated", told.asOf || "—"), sampled ? word("sampled") : "", isEnglish() ? word("chineseParts") : ""].filter(Boolean).join("　");
  $("told").classList.toggle("other", Boolean(told.asked));
  showFilters(filtered);
  showPlaces().catch(failed);
  explore.showExamples();
  aged();
  return true;
};
const filtered = () => {
  commit();
  refresh();
};
const refresh = () => {
  panel.showGapList();
  if (state.v === "map") map.showMap();
  if (state.v === "explore") explore.paint();
  if (state.v === "gaps") gaps.showTable();
  if (state.v === "whatif") whatif.paint();
};
const DRAW = {map: () => map.loadMap(), explore: (refit) => explore.draw({refit}), gaps: () => gaps.showTable(), whatif: () => whatif.showWhatif()};
const show = async ({refit = true} = {}) => {
  if (!VIEWS.includes(state.v)) state.v = "map";
  for (const view of VIEWS) {
    const here = view === state.v, tab = $(`tab-${view}`);
    $(`view-${view}`).hidden = !here;
    tab.setAttribute("aria-selected", String(here));
    tab.tabIndex = here ? 0 : -1;
  }
  for (const box of document.querySelectorAll("[data-only]")) box.hidden = !box.dataset.only.split(" ").includes(state.v);
  for (const id of ["png", "svg"]) $(id).hidden = !["map", "explore"].includes(state.v);
  document.documentElement.dataset.ready = "";
  const key = () => JSON.stringify([state.v, asked(), data.meta.version]);
  try {
    if (!(await load())) return;
    panel.showDetail();
    panel.showGapList();
    await DRAW[state.v](refit);
    held = key();
    uncover();
  } catch (failure) {
    const day = failure.status === 400 && state.asOf;
    if (failure.status && failure.status !== 401) banner(failure.message, {bad: true, act: day ? clearDay : () => start(), name: day ? "clearDay" : "retry"});
    else if (!gone) say(failure.message);
    if (gone && !failure.status && held !== key()) {
      unloaded(state.v, again);
      banner(word("goneHere"), {bad: true, act: again}); // nothing was kept of this view
    }
  }
  document.documentElement.dataset.ready = state.v;
};
const go = (view) => {
  state.v = view;
  commit({push: true});
  return show();
};

// -- what the views ask for
const choose = (id, {move = true, push = false} = {}) => {
  const afar = id && move && state.v === "explore" && !explore.has(id);
  state.n = id;
  if (!afar) commit({push}); // else the step that brings it goes into the history whole
  panel.showDetail();
  refresh();
  if (id && NARROW.matches && !unfolded("detail")) openDetail();
  if (!id || !move) return;
  if (state.v === "map") map.bringIntoSight();
  if (state.v !== "explore") return;
  if (afar) explore.centre(id).catch(failed);
  else explore.focusOn(id);
};
const toCanvas = async () => {
  if (state.v === "explore") return;
  state.v = "explore";
  await show();
};
// one step of the history, whatever it takes
const inExplore = (does) => async (id) => {
  const here = state.v === "explore";
  state.n = id;
  panel.showDetail();
  try {
    await toCanvas();
    await does(id);
  } catch (failure) { failed(failure); }
  commit({push: !here});
  panel.showDetail();
  panel.showGapList();
};
const setEnd = (end, id, name = "") => {
  const known = data.products.get(id) || data.told.firms[id];
  ends[end] = id;
  $(end).value = name || (known ? known.name : explore.nameOf(id) || id.replace(/^[pe]:/, ""));
};
// what stands in the two fields, picked from the list or only typed
const findWays = async () => {
  for (const end of ["from", "to"]) {
    const text = $(end).value.trim(), hit = ends[end] || !text ? null : await meant(searchFor(""), text);
    if (hit) setEnd(end, hit.id, hit.name);
    else if (text && !ends[end]) {
      await explore.noWay(word("noSuch", text));
      return;
    }
  }
  await explore.findPath(ends.from, ends.to);
};
const openScenario = async (saved) => {
  const name = (id) => (data.told.firms[id] || {name: id.slice(2)}).name;
  const {arrivals, departures} = saved.scenario;
  Object.assign(state, {chain: saved.chain, region: saved.region, scenario: {
    arrivals: arrivals.map((each) => ({...each, name: each.name || name(each.id)})), departures: departures.map((id) => ({id, name: name(id)}))}});
  commit({push: true});
  await show();
};
const toExplore = inExplore(explore.centre);
const actions = {
  choose, commit, say, explore: toExplore, centre: toExplore, setEnd, open: openScenario,
  clearFilters: () => {
    Object.assign(state, {off: [], stageOff: [], sideOff: [], action: "", text: ""});
    showFilters(filtered);
    filtered();
  },
  nextEnd: () => (ends.from && !ends.to ? "to" : "from"),
  add: async (ids, chosen = state.n) => {
    await toCanvas();
    const before = state.ids.length || !state.n ? [] : [state.n];
    state.n = chosen;
    await explore.add([...before, ...ids]);
    panel.showDetail();
  },
  expand: inExplore(async (id) => {
    nearby.openFor(id);
    await explore.expand(id);
  }),
  collapse: inExplore(explore.collapse), hide: (ids) => explore.hide(ids).catch(failed),
  bring: async (firm) => {
    await go("whatif");
    whatif.bring(firm);
  },
  lose: async (firm) => {
    await go("whatif");
    whatif.lose(firm);
  },
};
for (const part of [explore, gaps, map, nearby, panel, whatif]) part.setActions(actions);

const fresh = () => Object.assign(state, {n: "", ids: [], pins: {}, path: "", stageOff: [], rows: [], text: "", action: ""});
const toChain = async (chain, id, {push = true} = {}) => {
  fresh();
  explore.forget();
  Object.assign(state, {chain, n: id});
  if (push) commit({push: true});
  await show();
};
const clearDay = () => {
  state.asOf = "";
  commit({push: true});
  banner("");
  return show();
};
finding.setActions({...actions, toChain, focusBox: (id) => map.focusBox(id)});

// -- new data, a server that went away
const check = async () => {
  if (!data.meta || document.hidden) return;
  try {
    const meta = await get("meta");
    if (meta.version === data.meta.version) return;
    data.meta = meta;
    await show({refit: false});
    say(word("updated"));
  } catch { /* the banner says so */ }
};
setInterval(check, 15000);

const again = async () => {
  if (!data.meta) { await start(); return; }
  await check();
  if (!gone) await show({refit: false});
};

// -- wiring
// a place that no list holds: the server may know it by another name, else it says what is near
const tryPlace = async (text) => {
  try { await get(`chains/${encodeURIComponent(state.chain)}`, {region: text, as_of: state.asOf}); } catch (failure) {
    $("regionSaid").textContent = failure.message;
    $("regionSaid").hidden = false;
    $("region").focus();
    $("region").select();
    return;
  }
  await toPlace(text);
};
const toPlace = (code) => {
  $("regionSaid").hidden = true;
  state.region = code;
  commit({push: true});
  return show();
};
const pickPlace = async (text) => ({
  hits: (await get("regions", {q: text})).map((each) => ({name: each.full, note: each.level, code: each.code})), near: [],
});
const on = (id, event, does) => $(id).addEventListener(event, (given) => Promise.resolve(does(given)).catch(failed));
const setUp = () => {
  $("chain").replaceChildren(...data.meta.chains.map((each) => new Option(each.name, each.id)));
  suggest($("search"), searchFor(""), finding.taken);
  for (const end of ["from", "to"]) {
    suggest($(end), searchFor(""), (hit) => setEnd(end, hit.id, hit.name), {keep: true, again: () => findWays().catch(failed)});
    on(end, "input", () => { ends[end] = ""; });
  }
  suggest($("region"), pickPlace, (hit) => toPlace(hit.code), {keep: true, missed: tryPlace});
  on("region", "input", () => { $("regionSaid").hidden = true; });
  setGo(toPlace);
  on("region", "blur", () => { setTimeout(() => { if (data.told && document.activeElement !== $("region")) $("region").value = data.told.placeName; }, 300); });
  on("region", "focus", () => $("region").select());
  on("chain", "change", () => toChain($("chain").value, ""));
  on("asOf", "change", () => {
    state.asOf = $("asOf").value;
    commit({push: true});
    return show();
  });
  on("lang", "change", () => {
    state.lang = $("lang").value;
    setLanguage(state.lang);
    commit();
    return show({refit: false});
  });
  on("findPath", "click", findWays);
  on("openFilters", "click", () => fold("filters", !unfolded("filters")));
  on("openDetail", "click", () => (unfolded("detail") ? closeDetail() : openDetail()));
  on("closeDetail", "click", closeDetail);
  on("skip", "click", (event) => { // the address belongs to the state
    event.preventDefault();
    $("main").focus();
    $("main").scrollIntoView();
  });
  on("link", "click", copyLink);
  on("png", "click", () => picture("png"));
  on("svg", "click", () => picture("svg"));
  on("pdf", "click", () => picture("pdf"));
  on("help", "click", help);
  for (const view of VIEWS) on(`tab-${view}`, "click", () => go(view));
  document.querySelector("nav").addEventListener("keydown", (event) => {
    const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
    if (!step) return;
    const next = VIEWS[(VIEWS.indexOf(state.v) + step + VIEWS.length) % VIEWS.length];
    go(next);
    $(`tab-${next}`).focus();
  });
  whatif.setUp();
};
const picture = async (form) => {
  const here = state.v === "map" ? {png: map.mapPng, svg: map.mapSvg, pdf: map.mapPdf} : {png: canvasPng, svg: canvasSvg};
  if (state.v === "explore" && !state.ids.length) { say(word("begin")); return; }
  download(await here[form](), `${data.told.title}${state.v === "map" ? "" : word("viewExplore")}.${form}`);
  say(word("exported", form.toUpperCase()));
};
const help = () => {
  const keys = make("dl", null, {class: "keys"});
  for (const line of word("helpText").split("\n")) {
    const [key, does] = line.split("　");
    keys.append(make("dt", key), make("dd", does));
  }
  $("about").querySelector("div").replaceChildren(make("h2", word("help")), keys, make("p", word("helpMore")), make("h2", word("notes")),
    ...data.told.notes.map((note) => make("p", note, {class: "soft"})));
  $("about").showModal();
};
document.addEventListener("keydown", (event) => {
  if ($("about").open || $("login").open || !data.told) return;
  const target = event.target, pressed = event.key.toLowerCase();
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName) && target.type !== "checkbox";
  if ((event.ctrlKey || event.metaKey) && !typing && state.v === "explore" && ["z", "y"].includes(pressed)) {
    event.preventDefault();
    (pressed === "z" && !event.shiftKey ? explore.undoLast() : explore.redoLast()).catch(failed);
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && hush()) return;
  if (event.key === "/") {
    event.preventDefault();
    $("search").focus();
    $("search").select();
  } else if (event.key === "?") help();
  else if (event.key === "Escape" && NARROW.matches && unfolded("detail")) closeDetail();
  else if (event.key === "Escape") choose("");
  else if (state.v === "explore" && (target === $("canvas") || target === document.body) && explore.key(event)) event.preventDefault();
  else if (state.v === "map" && zoomKey(event)) event.preventDefault();
});
window.addEventListener("popstate", () => { if (data.meta && !hasToken()) adopt(); });
window.addEventListener("hashchange", () => {
  if (hasToken()) start();
  else if (data.meta && hashOf(written()) !== location.hash) adopt();
});
setEntered(() => start());
const adopt = async () => {
  let text = location.hash.slice(1);
  const short = new URLSearchParams(text).get("s");
  if (short) {
    try { text = (await get(`views/${encodeURIComponent(short)}`)).state; } catch (failure) {
      failed(failure);
      text = "";
    }
  }
  const found = readState(text);
  const last = data.meta.chosen ? {chain: "", region: ""} : remembered(), known = (chain) => data.meta.chains.some((each) => each.id === chain);
  const before = state.chain;
  Object.assign(state, found, {
    lang: ["zh", "en"].includes(found.lang) ? found.lang : data.meta.lang, region: found.region || last.region || data.meta.region,
    chain: [found.chain, last.chain].find(known) || data.meta.chain});
  setLanguage(state.lang);
  if (state.chain !== before) explore.forget();
  const faults = found.chain && !known(found.chain) ? [word("noChain", found.chain)] : [], pick = faults.length ? "chain" : "";
  const wrong = await settle(faults, Boolean(found.region));
  fold("detail", Boolean(state.n) && !SMALL.matches);
  await show();
  commit();
  if (!faults.length) return;
  const shown = word("instead", chainName(state.chain), data.told ? data.told.placeName : state.region), [name, mend] = MEND[pick || wrong];
  banner([...faults, shown].join(isEnglish() ? "; " : "；"), {bad: true, act: mend, name});
};
const MEND = {
  chain: ["pickChain", () => $("chain").focus()], region: ["pickRegion", () => $("region").focus()], asOf: ["clearDay", () => clearDay()],
};
// a place or day that the server does not know gives way to one that it does; what was in the address is told, not what was remembered
const settle = async (faults, told) => {
  try { await load(); } catch (failure) {
    if (![400, 404].includes(failure.status)) return "";
    if (told || state.asOf) faults.push(isEnglish() ? word(failure.status === 404 ? "noPlace" : "noDay", failure.status === 404 ? state.region : state.asOf) : failure.message);
    Object.assign(state, failure.status === 404 ? {region: data.meta.region} : {asOf: "", region: state.region});
    try { await load(); } catch { Object.assign(state, {region: data.meta.region, asOf: ""}); }
    return failure.status === 404 ? "region" : "asOf";
  }
  return "";
};
const start = async () => {
  const token = takeToken();
  if (token !== null && !(await logIn(token))) return;
  try { data.meta = await get("meta"); } catch (failure) {
    if (failure.status && failure.status !== 401) banner(failure.message, {bad: true, act: () => start()});
    return;
  }
  banner("");
  if (!ready) {
    setUp();
    ready = true;
  }
  await adopt();
};
setLanguage("zh");
start();
