// The address carries the state; a long one gets a short id when the link is copied.
import {hashOf, post, say, state, written} from "./tools.js";
import {word} from "./words.js";

const LONG = 3000;
// push: a step that the Back key of the browser takes back
export const commit = ({push = false} = {}) => {
  const address = hashOf(written());
  if (location.hash !== address) history[push ? "pushState" : "replaceState"](null, "", address);
};
export const copyLink = async () => {
  let hash = written();
  if (hashOf(hash).length > LONG) hash = `s=${(await post("views", {state: hash})).id}`;
  const address = `${location.origin}${location.pathname}${hashOf(hash)}`;
  try {
    await navigator.clipboard.writeText(address);
    say(word("copied"));
  } catch { window.prompt(word("copyLink"), address); }
};
