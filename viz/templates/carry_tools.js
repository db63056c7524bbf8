// What the page was told, and how it says things: elements, words, statuses.
"use strict";
const TOOLS = (() => {
  const told = JSON.parse(document.getElementById("told").textContent);
  const english = document.documentElement.lang === "en";
  const word = (key, ...values) => values.reduce((text, value, at) => text.replace(`{${at}}`, () => value), WORDS[key][english ? 1 : 0]);
  const $ = (id) => document.getElementById(id);
  const make = (tag, text, attributes = {}) => {
    const element = document.createElement(tag);
    if (text !== null && text !== undefined) element.textContent = text;
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "class") element.className = value; else element.setAttribute(name, value);
    }
    return element;
  };
  const named = (key) => (english ? told.looks[key].english : told.looks[key].word);
  const status = (key) => `${told.looks[key].symbol} ${named(key)}`;
  const badge = (key) => {
    const look = told.looks[key], shown = make("span", status(key), {class: look.hatched ? "badge dash" : "badge"});
    shown.style.background = look.fill; shown.style.color = look.text; shown.style.borderColor = look.border;
    return shown;
  };
  // words that are always the same have an English one; what the data says stays as it is
  const fixed = (text) => (english && Object.hasOwn(FIXED, text) ? FIXED[text] : text);
  const kinds = (text) => text.split("、").map(fixed).join(word("and"));
  const counted = (text, count) => word("counted", text, count);

  const products = new Map(told.products.map((each) => [each.id, each]));
  const firms = new Map(Object.entries(told.firms));
  const known = (id) => products.get(id) || firms.get(id);
  const mapped = () => new Map(told.products.map((each) => [each.id, []]));
  const inputs = mapped(), uses = mapped(), sides = mapped(), mains = mapped(), gapsOf = mapped();
  for (const arc of told.arcs) { inputs.get(arc.to).push(arc.from); uses.get(arc.from).push(arc.to); }
  for (const line of told.byproducts) { sides.get(line.from).push(line.to); mains.get(line.to).push(line.from); }
  for (const gap of told.gaps) gapsOf.get(gap.product).push(gap);

  let quiet = 0;
  const say = (text) => {
    $("said").textContent = text; $("said").hidden = false;
    clearTimeout(quiet); quiet = setTimeout(() => { $("said").hidden = true; }, 2500);
  };
  return {told, english, word, $, make, named, status, badge, fixed, kinds, counted, products, firms, known, inputs, uses, sides, mains, gapsOf, say};
})();
