// The strip above the views: old data, a server that is gone, an address that could not be followed; and what a view says that cannot be loaded.
import {$, button, data, make} from "./tools.js";
import {word} from "./words.js";

const OLD = 90;
export const banner = (text, {bad = false, act = null, name = "retry"} = {}) => {
  $("banner").hidden = !text;
  $("banner").className = bad ? "bad" : "";
  $("banner").querySelector("span").textContent = text || "";
  const press = $("banner").querySelector("button");
  press.hidden = !act;
  press.textContent = word(name);
  press.onclick = act;
};
export const aged = () => {
  const days = data.told && data.told.asOf ? (Date.now() - Date.parse(data.told.asOf)) / 864e5 : 0;
  banner(days > OLD ? word("stale", data.told.asOf) : "");
};
// over a view of which nothing was drawn yet, so that it is not taken for an empty one
export const unloaded = (view, again) => {
  loaded();
  const cover = make("div", null, {class: "unloaded", role: "alert"});
  cover.append(make("h2", word("notLoaded")), make("p", word("notLoadedWhy")), button(word("retry"), again, {class: "strong"}));
  $(`view-${view}`).append(cover);
};
export const loaded = () => { for (const each of document.querySelectorAll(".unloaded")) each.remove(); };
export const isCovered = () => Boolean(document.querySelector(".unloaded"));
