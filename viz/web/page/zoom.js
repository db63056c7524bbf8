// How large the map is drawn: whole, as wide as its room, or so that most of it can be read; what was chosen is kept in this browser.
import {$} from "./tools.js";

const READ = 12, PAD = 12, LEAST = 320, MOST = 8000, LAST = "lianpu.map"; // px on the screen of the letters that most of the map is written in
const MODES = {page: "mapPage", width: "mapWide", read: "mapRead"};
let mode = "", wide = 0, letter = 0;
const room = () => $("map"), sheet = () => room().querySelector("svg");
const wideOf = {
  width: () => room().clientWidth - PAD,
  page: () => {
    const {width, height} = sheet().viewBox.baseVal;
    return Math.min(wideOf.width(), ((room().clientHeight - PAD) * width) / height);
  },
  read: () => (letter ? Math.max(wideOf.width(), (READ * sheet().viewBox.baseVal.width) / letter) : wideOf.width()),
};
const mostUsed = () => {
  const counts = new Map();
  for (const text of sheet().querySelectorAll("text[font-size]")) {
    const size = Number(text.getAttribute("font-size"));
    counts.set(size, (counts.get(size) || 0) + 1);
  }
  return Math.max(0, ...[...counts].sort((a, b) => b[1] - a[1]).slice(0, 1).map(([size]) => size));
};
const apply = (to) => {
  wide = Math.min(MOST, Math.max(LEAST, to));
  sheet().style.width = `${Math.round(wide)}px`;
  $("mapScale").textContent = `${Math.round((100 * wide) / wideOf.width())}%`;
  for (const [name, id] of Object.entries(MODES)) $(id).setAttribute("aria-pressed", String(name === mode));
};
const keep = () => {
  try { localStorage.setItem(LAST, mode || String(Math.round(wide))); } catch { /* then not */ }
};
const kept = () => {
  let last = "";
  try { last = localStorage.getItem(LAST) || ""; } catch { /* then the usual */ }
  if (MODES[last]) mode = last;
  else if (Number(last) >= LEAST) [mode, wide] = ["", Number(last)];
  else mode = "read";
};
// a new drawing, or a new size of the window
export const refresh = () => {
  if (!sheet() || !room().clientWidth) return;
  letter = mostUsed();
  if (!mode && !wide) kept();
  apply(mode ? wideOf[mode]() : wide);
};
export const setMode = (name) => {
  mode = name;
  refresh();
  room().scrollTo(0, 0);
  keep();
};
export const isLarge = () => wide > room().clientWidth || sheet().clientHeight > room().clientHeight;
export const zoomBy = (factor, x = room().clientWidth / 2, y = room().clientHeight / 2) => {
  const before = wide;
  mode = "";
  apply(wide * factor);
  const grown = wide / before;
  room().scrollTo((room().scrollLeft + x) * grown - x, (room().scrollTop + y) * grown - y);
  keep();
};
export const key = (event) => {
  const does = {"+": () => zoomBy(1.25), "=": () => zoomBy(1.25), "-": () => zoomBy(1 / 1.25), 0: () => setMode("page")}[event.key];
  if (does && sheet()) does();
  return Boolean(does);
};
for (const [name, id] of Object.entries(MODES)) $(id).addEventListener("click", () => setMode(name));
$("mapMore").addEventListener("click", () => zoomBy(1.25));
$("mapLess").addEventListener("click", () => zoomBy(1 / 1.25));
room().addEventListener("wheel", (event) => {
  if (!event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  const at = room().getBoundingClientRect();
  zoomBy(event.deltaY < 0 ? 1.1 : 1 / 1.1, event.clientX - at.x, event.clientY - at.y);
}, {passive: false});
window.addEventListener("resize", refresh);
