// A narrow window: filters and details are folded away and come when they are asked for.
import {$} from "./tools.js";

export const NARROW = window.matchMedia("(max-width:1279px)"), SMALL = window.matchMedia("(max-width:760px)");
export const fold = (part, open) => {
  document.documentElement.toggleAttribute(`data-${part}`, open);
  $(part === "detail" ? "openDetail" : "openFilters").setAttribute("aria-expanded", String(open));
};
export const unfolded = (part) => document.documentElement.hasAttribute(`data-${part}`);
export const openDetail = () => {
  fold("detail", true);
  if (SMALL.matches) $("closeDetail").focus();
};
export const closeDetail = () => {
  const held = $("right").contains(document.activeElement);
  fold("detail", false);
  if (held && NARROW.matches) $("openDetail").focus();
};
export const toResult = () => { if (SMALL.matches) $("main").scrollIntoView({block: "start"}); };
