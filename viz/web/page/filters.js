// The filters on the left; what they leave is the same in every view.
import {$, badge, data, make, passes, state} from "./tools.js";
import {term} from "./terms.js";
import {action, ACTIONS, word} from "./words.js";

const box = (list, value, parts, changed) => {
  const line = make("label"), input = make("input", null, {type: "checkbox", value});
  input.checked = !state[list].includes(value);
  input.addEventListener("change", () => {
    state[list] = input.checked ? state[list].filter((each) => each !== value) : [...state[list], value];
    changed();
    markReset();
  });
  line.append(input, ...parts);
  return line;
};
// how many each box would show, given what the other filters leave
const recount = () => {
  const counts = new Map(), add = (key) => counts.set(key, (counts.get(key) || 0) + 1);
  for (const product of data.told.products) {
    if (passes(product, {off: []})) add(`look ${product.look}`);
    if (passes(product, {stageOff: []})) add(`stage ${product.stage}`);
  }
  for (const each of $("left").querySelectorAll("[data-count]")) each.textContent = String(counts.get(each.dataset.count) || 0);
};
const markReset = () => {
  recount();
  $("resetFilters").hidden = !(state.off.length + state.stageOff.length + state.sideOff.length) && !state.action;
};
export const showFilters = (changed) => {
  const looks = new Map(), stages = new Map();
  for (const product of data.told.products) {
    looks.set(product.look, (looks.get(product.look) || 0) + 1);
    stages.set(product.stage, (stages.get(product.stage) || 0) + 1);
  }
  const count = (number, key) => make("small", String(number), {class: "soft count", "data-count": key});
  const known = Object.keys(data.meta.looks).filter((key) => looks.has(key));
  $("looks").replaceChildren(...known.map((key) => box("off", key, [badge(key), count(looks.get(key), `look ${key}`)], changed)));
  $("stages").replaceChildren(...data.told.stages.filter((each) => stages.has(each)).map(
    (each) => box("stageOff", each, [term(each) || word("noStage"), count(stages.get(each), `stage ${each}`)], changed)));
  $("sides").replaceChildren(
    ...[["local", "■", "ours"], ["target", "◇", "theirs"], ["other", "○", "soft"]].map(
      ([side, sign, ink]) => box("sideOff", side, [make("span", sign, {class: ink}), word(side)], changed)),
    box("sideOff", "untitled", [word("untitled")], changed));
  const actions = [...new Set(data.told.gaps.map((gap) => gap.action))].sort((a, b) => ACTIONS.indexOf(a) - ACTIONS.indexOf(b));
  $("action").replaceChildren(new Option(word("all"), ""), ...actions.map((each) => new Option(action(each), each)));
  if (!actions.includes(state.action)) state.action = "";
  $("action").value = state.action;
  $("action").onchange = () => {
    state.action = $("action").value;
    changed();
    markReset();
  };
  markReset();
  $("resetFilters").onclick = () => {
    Object.assign(state, {off: [], stageOff: [], sideOff: [], action: ""});
    changed();
    showFilters(changed);
    $("action").focus();
  };
};
