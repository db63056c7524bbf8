// The gap list as a table: sort, filter, choose rows, export.
import {$, asked, badge, button, data, download, fetchFile, make, passes, say, state, tenths} from "./tools.js";
import {term} from "./terms.js";
import {action, ACTIONS, word} from "./words.js";

let act = {};
const chosen = new Set(); // ids of the rows that are picked; the address has them too
const LEVELS = ["本地", "县", "市", "省", "不详", "省内未见", "省内没有"]; // from near to far
export const setActions = (actions) => { act = actions; };
const FALLING = ["makers", "outside", "score"];
const COLUMNS = [
  ["rank", "rank", "n"], ["name", "name", ""], ["score", "score", "n"], ["stage", "stage", "nowrap"], ["action", "action", "nowrap"], ["status", "status", "nowrap"],
  ["detail", "detailCol", ""], ["makers", "made", "n"], ["outside", "outside", "n"], ["nearest", "nearest", "nowrap"],
];

const rows = () => {
  const [name, down] = state.sort ? [state.sort.replace("-", ""), state.sort.startsWith("-")] : ["rank", false];
  const asks = state.text.trim().toLowerCase(), holds = (gap) => `${gap.name}${gap.detail}`.toLowerCase().includes(asks);
  const wanted = (gap) => passes(data.products.get(gap.product)) && (!state.action || gap.action === state.action) && holds(gap);
  const worth = (gap) => ({
    action: ACTIONS.indexOf(gap.action), status: Object.keys(data.meta.looks).indexOf(gap.look), stage: data.told.stages.indexOf(gap.stage),
    nearest: LEVELS.indexOf(gap.nearest)}[name] ?? gap[name]);
  const order = (a, b) => (typeof worth(a) === "number" ? worth(a) - worth(b) : String(a[name]).localeCompare(String(b[name]), "zh"));
  return data.told.gaps.filter(wanted).sort((a, b) => (down ? -1 : 1) * order(a, b) || a.rank - b.rank);
};
const count = (found) => {
  const unseen = chosen.size - found.filter((gap) => chosen.has(gap.id)).length;
  $("gapCount").textContent = word("gapRows", found.length, data.told.gaps.length, chosen.size) + (unseen ? word("gapHidden", unseen) : "");
};
const toggle = (ids, on) => {
  for (const id of ids) if (on) chosen.add(id); else chosen.delete(id);
  state.rows = data.told.gaps.filter((gap) => chosen.has(gap.id)).map(shortOf);
  act.commit();
};
// what a row is called in the address: no product has two gaps of one action
const shortOf = (gap) => `${gap.action}${gap.product.slice(1)}`;
const recall = () => {
  const held = new Set(state.rows);
  chosen.clear();
  for (const gap of data.told.gaps) if (held.has(shortOf(gap))) chosen.add(gap.id);
};

const heading = (found) => {
  const all = make("input", null, {type: "checkbox", "aria-label": word("chosenAll")}), corner = make("th", null, {scope: "col"});
  const held = found.filter((gap) => chosen.has(gap.id)).length;
  all.checked = held > 0 && held === found.length;
  all.indeterminate = held > 0 && held < found.length;
  all.addEventListener("change", () => {
    toggle(found.map((gap) => gap.id), all.checked);
    showTable();
  });
  corner.append(all);
  return [corner, ...COLUMNS.map(([name, title]) => {
    const here = state.sort.replace("-", "") === name || (!state.sort && name === "rank"), down = state.sort.startsWith("-");
    const cell = make("th", null, {scope: "col", "aria-sort": here ? (down ? "descending" : "ascending") : "none"});
    cell.append(button(`${word(title)}${here ? (down ? " ▼" : " ▲") : ""}`, () => {
      const fall = FALLING.includes(name); // of a number the largest is looked for first
      state.sort = here ? (down ? name : `-${name}`) : fall ? `-${name}` : name;
      act.commit();
      showTable();
      $("gapTable").querySelector(`th:nth-child(${COLUMNS.findIndex(([each]) => each === name) + 2}) button`).focus();
    }));
    return cell;
  })];
};
const tableCell = (gap, name, kind) => {
  const cell = make(name === "name" ? "th" : "td", null, name === "name" ? {scope: "row"} : kind ? {class: kind} : {});
  if (name === "name") cell.append(button(gap.name, () => act.choose(gap.product), {class: "link"}));
  else if (name === "status") cell.append(badge(gap.look));
  else if (name === "action") cell.textContent = action(gap.action);
  else cell.textContent = name === "score" ? tenths(gap.score) : gap[name] === null ? "" : String(term(gap[name]));
  return cell;
};
const tableRow = (gap, found) => {
  const line = make("tr"), box = make("input", null, {type: "checkbox", "aria-label": `${word("chosenRow")} ${gap.name}`}), first = make("td");
  box.checked = chosen.has(gap.id);
  box.addEventListener("change", () => {
    toggle([gap.id], box.checked);
    count(found);
    $("gapTable").querySelector("thead th").replaceWith(heading(found)[0]);
  });
  first.append(box);
  line.append(first, ...COLUMNS.map(([name, , kind]) => tableCell(gap, name, kind)));
  line.addEventListener("click", (event) => { if (!event.target.closest("button, input")) act.choose(gap.product); });
  if (gap.product === state.n) line.setAttribute("aria-current", "true");
  return line;
};
export const showTable = () => {
  const found = rows();
  recall();
  const focused = document.activeElement && document.activeElement.closest("#gapTable tbody tr");
  const at = focused ? [...focused.parentElement.children].indexOf(focused) : -1;
  $("gapTable").querySelector("thead tr").replaceChildren(...heading(found));
  $("gapTable").querySelector("tbody").replaceChildren(...found.map((gap) => tableRow(gap, found)));
  if (!found.length) {
    const cell = make("td", word("noGaps"), {colspan: String(COLUMNS.length + 1)}), line = make("tr");
    if (data.told.gaps.length) cell.append(" ", button(word("clearFilters"), act.clearFilters));
    line.append(cell);
    $("gapTable").querySelector("tbody").append(line);
  }
  if (at >= 0 && found[at]) $("gapTable").querySelector(`tbody tr:nth-child(${at + 1}) th button`).focus();
  count(found);
  if ($("gapText").value !== state.text) $("gapText").value = state.text;
};
const exportAs = async (form) => {
  const shown = rows().map((gap) => gap.id), ids = chosen.size ? [...chosen] : shown;
  if (!ids.length) { say(word("noGaps")); return; }
  const {name, blob} = await fetchFile(`export/${form}`, {...asked(), ids: ids.length === data.told.gaps.length ? [] : ids});
  download(blob, name || `gaps.${form}`);
  say(word("exported", name));
};
for (const each of document.querySelectorAll("[data-form]")) {
  each.addEventListener("click", () => exportAs(each.dataset.form).catch((failure) => say(failure.message)));
}
$("gapText").addEventListener("input", () => {
  state.text = $("gapText").value;
  act.commit();
  showTable();
});
