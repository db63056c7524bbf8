// Where a hit of the search leads, also one that stands on other chains.
import {$, chainName, data, say, state} from "./tools.js";
import {word} from "./words.js";
import {toResult} from "./fold.js";

let act = {};
export const setActions = (actions) => { act = actions; };
const named = (chains) => chains.map(chainName).join("、");

const land = async (hit) => {
  const kept = ["whatif", "gaps"].includes(state.v) || (state.v === "map" && hit.kind === "product");
  if (kept) act.choose(hit.id, {push: true});
  else await act.explore(hit.id);
  toResult();
  if (state.v === "map") act.focusBox(hit.id);
  else if (state.v === "explore") $("canvas").focus({preventScroll: true});
};
// another chain has another canvas: the Back key leads to the one before
const cross = async (hit, chain, before) => {
  await act.toChain(chain, hit.id, {push: state.v !== "explore"}); // on the canvas the step that draws it is the one to take back
  await land(hit);
  const others = hit.chains.filter((each) => each !== chain);
  say(word(others.length ? "inOthers" : "inOther", chainName(chain), named(others)), [
    [word("backTo", chainName(before)), () => history.back()], ...others.map((each) => [word("switchTo", chainName(each)), () => cross(hit, each, chain)])]);
};
export const taken = async (hit, add) => {
  const elsewhere = (hit.chains || []).length > 0 && !hit.chains.includes(state.chain);
  if (elsewhere && add) {
    const offers = hit.chains.map((each) => [word("switchTo", chainName(each)), () => cross(hit, each, state.chain)]);
    say(word("notOnThis", hit.name, named(hit.chains), chainName(state.chain)), offers, {ask: true});
  } else if (elsewhere) await cross(hit, hit.chains.find((each) => data.meta.chains.some((chain) => chain.id === each)) || hit.chains[0], state.chain);
  else if (add) {
    await act.add([hit.id], hit.id);
    $("canvas").focus({preventScroll: true});
  } else await land(hit);
};
