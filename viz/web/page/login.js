// Who may enter: the token, from the address or from the dialog.
import {$, data, events, post, written} from "./tools.js";

let locked = false, enter = async () => {};
export const hasToken = () => new URLSearchParams(location.hash.slice(1)).has("token");
// the token leaves the address; what else stands there, or what is looked at, stays
export const takeToken = () => {
  const parts = new URLSearchParams(location.hash.slice(1)), token = parts.get("token");
  if (token === null) return null;
  parts.delete("token");
  const rest = parts.toString() || (data.meta ? written() : "");
  history.replaceState(null, "", location.pathname + (rest ? `#${rest}` : ""));
  return token;
};
export const logIn = async (token) => {
  try { await post("session", {token}); } catch (failure) {
    $("loginSaid").textContent = failure.message;
    if (failure.status === 401) ask();
    return false;
  }
  locked = false;
  $("token").value = "";
  $("loginSaid").textContent = "";
  if ($("login").open) $("login").close();
  return true;
};
const ask = () => {
  locked = true;
  if (!$("login").open) $("login").showModal();
};
export const setEntered = (does) => { enter = does; };
events.addEventListener("token", ask);
$("login").addEventListener("cancel", (event) => event.preventDefault());
$("login").addEventListener("close", () => { if (locked) ask(); }); // without a token there is nothing behind it
$("loginForm").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (await logIn($("token").value)) await enter();
});
