// The page to carry: filters, lists and details, choosing, the address, keys.
"use strict";
(() => {
  const {told, english, word, $, make, named, status, badge, fixed, kinds, counted, products, firms, known, inputs, uses, sides, mains, gapsOf, say} = TOOLS;
  const {network, nodes, open, place, shade, begin, fit, zoom, pan, focusOn} = CANVAS;
  const amount = (value) => value.toLocaleString(english ? "en" : "zh-CN", {maximumFractionDigits: 2});
  let chosen = null, hovered = null;

  for (const element of document.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
  for (const element of document.querySelectorAll("[data-aria]")) element.setAttribute("aria-label", word(element.dataset.aria));
  for (const element of document.querySelectorAll("[data-title]")) element.title = word(element.dataset.title);
  $("search").placeholder = word("search");
  document.querySelector("aside").setAttribute("aria-label", word("gaps"));
  const toggle = (id, on = !open.has(id)) => { if (on) open.add(id); else open.delete(id); place(); paint(); };

  // -- filters
  const passes = (product) => {
    const boxes = $("looks").querySelectorAll("input"), wanted = new Set([...boxes].filter((box) => box.checked).map((box) => box.value));
    const stage = $("stage").value, action = $("action").value;
    return wanted.has(product.look) && (!stage || product.stage === stage) &&
      (!action || (gapsOf.get(product.id) || []).some((gap) => gap.action === action));
  };
  const boxesOff = () => [...$("looks").querySelectorAll("input")].filter((box) => !box.checked).map((box) => box.value);
  const seenNow = () => new Set(told.products.filter(passes).map((product) => product.id));
  // what is pointed at or chosen stands out with what it is tied to, unless the filters hide it: then nothing would be left to see
  const focusAmong = (seen) => {
    const id = [hovered, chosen].find((each) => each && (products.has(each) ? seen.has(each) : firms.get(each).products.some((product) => seen.has(product))));
    if (!id) return {id: null, near: null};
    return {id, near: new Set(firms.has(id) ? firms.get(id).products : [id, ...inputs.get(id), ...uses.get(id), ...sides.get(id), ...mains.get(id)])};
  };
  const light = () => {
    const seen = seenNow(), {id, near} = focusAmong(seen), centre = products.has(id) ? id : null;
    shade((each) => (!seen.has(each) ? "out" : near && !near.has(each) ? "pale" : "lit"),
      (edge) => (centre ? edge.from === centre || edge.to === centre : null));
    return seen;
  };
  const paint = () => {
    const seen = light();
    $("count").textContent = word("shown", seen.size, products.size);
    listGaps(seen);
  };
  // what a picture of this view must say of itself
  const limits = () => {
    const seen = seenNow(), {id} = focusAmong(seen), off = new Set(boxesOff()), list = $("looks").querySelectorAll("input");
    const parts = [
      off.size && `${word("status")} ${[...list].filter((box) => !off.has(box.value)).map((box) => named(box.value)).join(word("and")) || word("none")}`,
      $("stage").value && `${word("stage")} ${fixed($("stage").value)}`, $("action").value && `${word("action")} ${fixed($("action").value)}`].filter(Boolean);
    return [...(parts.length ? [word("filtered", parts.join(english ? "; " : "；"), seen.size, products.size)] : []), ...(id ? [word("lit", known(id).name)] : [])];
  };

  // -- panels
  const listGaps = (seen) => {
    const action = $("action").value, list = $("gaps"), rows = told.gaps.filter((gap) => seen.has(gap.product) && (!action || gap.action === action));
    const counts = new Map(), held = document.activeElement.dataset.gap;
    for (const gap of rows) counts.set(gap.action, (counts.get(gap.action) || 0) + 1);
    $("sum").textContent = [...counts].map(([name, count]) => `${fixed(name)} ${count}`).join(" · ");
    list.replaceChildren(...rows.map((gap) => {
      const button = make("button", null, {type: "button", title: gap.detail, "data-gap": gap.id});
      button.style.borderLeftColor = told.looks[gap.look].border;
      button.append(make("span", told.looks[gap.look].symbol, {title: status(gap.look)}), make("b", gap.name), make("small", `${fixed(gap.action)} · ${named(gap.look)} · ${gap.score.toFixed(0)}`));
      if (gap.product === chosen) button.setAttribute("aria-current", "true");
      button.addEventListener("click", () => choose(gap.product));
      const item = make("li"); item.append(button);
      return item;
    }));
    if (!rows.length) list.append(make("li", word("noGaps"), {class: "soft"}));
    if (held) [...list.querySelectorAll("button")].find((button) => button.dataset.gap === held)?.focus({preventScroll: true});
  };
  const linkTo = (id, text, extra = "") => {
    const button = make("button", text, {type: "button", class: `link ${extra}`});
    button.addEventListener("click", () => choose(id));
    return button;
  };
  const joined = (ids) => {
    const line = make("p");
    if (!ids.length) line.textContent = word("none");
    ids.forEach((id, at) => { if (at) line.append(word("and")); line.append(linkTo(id, `${told.looks[products.get(id).look].symbol} ${products.get(id).name}`)); });
    return line;
  };
  const facts = (pairs) => {
    const list = make("dl");
    for (const [name, value, how] of pairs) {
      if (value === null || value === undefined || value === "") continue;
      const told = make("dd", how ? null : String(value)), more = make("details");
      if (how) { more.append(make("summary", String(value)), make("p", how, {class: "soft"})); told.append(more); }
      list.append(make("dt", name), told);
    }
    return list;
  };
  const firmRows = (rows, sign, extra) => {
    const list = make("ul");
    for (const row of rows) {
      const item = make("li"), firm = firms.get(row.firm);
      const link = linkTo(row.firm, `${sign} ${firm.short}`, extra);
      link.title = firm.name;
      item.append(link, make("div", row.reason || row.evidence, {class: "soft"}));
      if (row.origin) item.append(make("div", row.origin, {class: "soft"}));
      list.append(item);
    }
    return list;
  };
  const showProduct = (product) => {
    const gaps = gapsOf.get(product.id) || [];
    const parts = [make("h2", product.name)];
    const line = make("p"); line.append(badge(product.look), ` ${[fixed(product.stage), product.segment].filter(Boolean).join(" · ")}`);
    parts.push(line);
    if (product.why) parts.push(make("p", product.why, {class: "soft"}));
    parts.push(facts([
      [word("made"), product.makers, word("howMade")], [word("nation"), product.national, word("howNation")],
      [word("buyers"), product.buyers, word("howBuyers")], [word("reviews"), product.reviews || "", word("howReviews")],
      [word("lq"), product.lq === null ? "" : product.lq.toFixed(2), word("howLq")],
      [word("hhi"), product.hhi === null ? "" : product.hhi.toFixed(2), word("howHhi")]]));
    const row = make("div", null, {class: "row"});
    if (product.local.length + product.targets.length) {
      const button = make("button", word(open.has(product.id) ? "collapse" : "expand"), {type: "button"});
      button.addEventListener("click", () => { toggle(product.id); showDetail(); });
      row.append(button);
    }
    const centre = make("button", word("centre"), {type: "button"});
    centre.addEventListener("click", () => focusOn(product.id)); row.append(centre);
    parts.push(row);
    for (const gap of gaps) {
      parts.push(make("h3", `${fixed(gap.action)} · ${kinds(gap.kind)} · ${word("score")} ${gap.score.toFixed(1)}`), make("p", gap.detail), make("p", gap.certainty, {class: "soft"}));
      if (gap.key) parts.push(make("p", gap.key, {class: "soft"}));
    }
    parts.push(make("h3", counted(`■ ${word("made")}`, product.local.length)), firmRows(product.local, "■", "here"));
    if (told.withheld) parts.push(make("p", word("withheld"), {class: "soft"}));
    else parts.push(make("h3", counted(`◇ ${word("targetFirms")}`, product.targets.length)), firmRows(product.targets, "◇", ""));
    parts.push(make("h3", word("up")), joined(inputs.get(product.id)), make("h3", word("down")), joined(uses.get(product.id)));
    for (const [name, ids] of [["byproduct", sides.get(product.id)], ["mains", mains.get(product.id)]]) if (ids.length) parts.push(make("h3", word(name)), joined(ids));
    return parts;
  };
  const showFirm = (firm) => {
    const parts = [make("h2", `${firm.kind === "local" ? "■" : "◇"} ${firm.name}`), facts([
      [word("where"), firm.place || word("unplaced")], [word("code"), firm.code], [word("titles"), firm.titles], [word("capital"), firm.capital === null ? "" : amount(firm.capital)]])];
    parts.push(make("h3", word("makes")));
    const list = make("ul");
    for (const id of firm.products) {
      const product = products.get(id), row = [...product.local, ...product.targets].find((each) => each.firm === firm.id), item = make("li");
      item.append(linkTo(id, product.name), " ", badge(product.look), make("div", row.reason || row.evidence, {class: "soft"}));
      if (row.reason) item.append(make("div", row.evidence, {class: "soft"}));
      if (row.origin) item.append(make("div", row.origin, {class: "soft"}));
      list.append(item);
    }
    parts.push(list);
    return parts;
  };
  const notes = () => {
    const box = make("details");
    box.append(make("summary", word("notes")), ...told.notes.map((note) => make("p", note, {class: "soft"})));
    return english ? [make("p", word("chinese"), {class: "soft"}), box] : [box];
  };
  const showDetail = () => {
    const parts = products.has(chosen) ? showProduct(products.get(chosen)) : firms.has(chosen) ? showFirm(firms.get(chosen))
      : [make("h2", word("begin")), make("p", word("beginHow"), {class: "soft"}), ...notes()];
    const inside = $("detail").contains(document.activeElement);
    $("detail").replaceChildren(...parts);
    parts[0].tabIndex = -1;
    if (inside) parts[0].focus({preventScroll: true}); // who works by keys stays in the panel
    $("detail").parentElement.scrollTop = 0;
  };

  // -- choosing
  const choose = (id, {move = true, write = true} = {}) => {
    chosen = known(id) ? id : null;
    hovered = null;
    if (chosen && firms.has(chosen) && !firms.get(chosen).products.some((product) => open.has(product))) { open.add(firms.get(chosen).products[0]); place(); }
    const at = chosen && (products.has(chosen) ? chosen : nodes.getIds({filter: (node) => node.firm === chosen})[0] || firms.get(chosen).products[0]);
    if (at) { network.selectNodes([at], false); if (move) focusOn(at); } else network.unselectAll();
    paint(); showDetail();
    if (write) writeHash();
  };
  const writeHash = () => {
    const parts = new URLSearchParams();
    if (chosen) parts.set("n", chosen);
    const off = boxesOff();
    if (off.length) parts.set("off", off.join("~"));
    if ($("stage").value) parts.set("stage", $("stage").value);
    if ($("action").value) parts.set("action", $("action").value);
    const text = `#${parts}`;
    if (location.hash !== text) history.replaceState(null, "", text === "#" ? location.pathname + location.search : text);
  };
  const readHash = () => {
    const parts = new URLSearchParams(location.hash.slice(1)), off = new Set((parts.get("off") || "").split("~"));
    for (const box of $("looks").querySelectorAll("input")) box.checked = !off.has(box.value);
    for (const name of ["stage", "action"]) { $(name).value = parts.get(name) || ""; if ($(name).selectedIndex < 0) $(name).value = ""; }
    choose(parts.get("n"), {write: false});
  };

  // -- the search box
  let pointer = -1;
  const showHits = () => {
    const list = $("hits"), text = $("search").value;
    if (!text.trim()) { closeHits(); return; }
    const {found, near} = SEARCH.find(text);
    pointer = near ? -1 : 0;
    const rows = found.map((each, at) => {
      const item = make("li", null, {role: "option", id: `hit${at}`, "aria-selected": String(at === pointer), "data-id": each.id});
      item.append(make("span", each.name), make("small", each.note));
      item.addEventListener("mousedown", (event) => { event.preventDefault(); take(each.id); });
      return item;
    });
    if (near || !rows.length) rows.unshift(make("li", word(rows.length ? "noHit" : "noHitAtAll"), {role: "presentation"}));
    list.replaceChildren(...rows);
    list.hidden = false;
    $("search").setAttribute("aria-expanded", "true");
  };
  const closeHits = () => { $("hits").hidden = true; $("search").setAttribute("aria-expanded", "false"); $("search").removeAttribute("aria-activedescendant"); };
  const take = (id) => { $("search").value = known(id).name; closeHits(); choose(id); $("canvas").focus(); }; // the keys of the canvas work from here
  $("search").addEventListener("input", showHits);
  $("search").addEventListener("focus", showHits);
  $("search").addEventListener("blur", closeHits);
  $("search").addEventListener("keydown", (event) => {
    const rows = [...$("hits").querySelectorAll("[role=option]")];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!rows.length) return;
      pointer = (pointer + (event.key === "ArrowDown" ? 1 : -1) + rows.length) % rows.length;
      rows.forEach((row, at) => row.setAttribute("aria-selected", String(at === pointer)));
      $("search").setAttribute("aria-activedescendant", rows[pointer].id);
      rows[pointer].scrollIntoView({block: "nearest"});
    } else if (event.key === "Enter" && rows[pointer]) { event.preventDefault(); take(rows[pointer].dataset.id); }
    else if (event.key === "Escape") { closeHits(); }
  });

  // -- wiring
  for (const key of Object.keys(told.looks)) {
    const count = told.products.filter((product) => product.look === key).length;
    if (!count) continue;
    const label = make("label"), box = make("input", null, {type: "checkbox", value: key});
    box.checked = true;
    box.addEventListener("change", () => { paint(); writeHash(); });
    label.append(box, badge(key), String(count));
    $("looks").append(label);
  }
  const options = (id, values, named = (value) => value) => {
    $(id).append(new Option(word("all"), ""), ...values.map((value) => new Option(named(value), value)));
    $(id).addEventListener("change", () => { paint(); writeHash(); });
  };
  options("stage", told.stages.filter(Boolean), fixed);
  options("action", [...new Set(told.gaps.map((gap) => gap.action))].sort(), fixed);
  const MOVES = {
    zoomIn: () => zoom(1.3), zoomOut: () => zoom(1 / 1.3), fit, panLeft: () => pan(-1, 0), panRight: () => pan(1, 0), panUp: () => pan(0, -1), panDown: () => pan(0, 1),
  };
  for (const [id, move] of Object.entries(MOVES)) $(id).addEventListener("click", move);
  $("picture").addEventListener("click", () => PICTURE.save(limits()));
  $("firms").addEventListener("click", () => {
    const on = $("firms").getAttribute("aria-pressed") !== "true";
    $("firms").setAttribute("aria-pressed", String(on));
    open.clear();
    if (on) for (const product of told.products) if (product.local.length) open.add(product.id);
    place(); paint(); showDetail(); begin();
  });
  $("help").addEventListener("click", () => {
    $("aboutText").replaceChildren(make("h2", word("help")), make("p", word("helpText")), ...(english ? [make("p", word("chinese"))] : []), ...told.notes.map((note) => make("p", note)));
    $("about").showModal();
  });
  network.on("click", (event) => {
    const node = event.nodes.length ? nodes.get(event.nodes[0]) : null;
    choose(node ? (node.owner ? node.firm || node.owner : node.id) : null, {move: false});
  });
  network.on("doubleClick", (event) => { if (event.nodes.length && products.has(event.nodes[0])) { toggle(event.nodes[0]); showDetail(); } });
  network.on("hoverNode", (event) => { if (products.has(event.node)) { hovered = event.node; light(); } });
  network.on("blurNode", () => { hovered = null; light(); });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) || $("about").open) return;
    if (event.key === "/") { event.preventDefault(); $("search").focus(); $("search").select(); }
    else if (event.key === "f" || event.key === "F") fit();
    else if (event.key === "+" || event.key === "=") MOVES.zoomIn();
    else if (event.key === "-") MOVES.zoomOut();
    else if (event.key === "Escape") choose(null);
    else if ((event.key === "e" || event.key === "E") && products.has(chosen)) { toggle(chosen); showDetail(); }
    else if (event.target === $("canvas") && event.key.startsWith("Arrow")) {
      event.preventDefault();
      if (event.shiftKey) { MOVES[event.key.replace("Arrow", "pan")](); return; }
      const from = products.get(chosen);
      if (!from) { choose(told.products[0].id); return; }
      const pool = event.key === "ArrowLeft" ? inputs.get(from.id) : event.key === "ArrowRight" ? uses.get(from.id)
        : told.products.filter((each) => each.x === from.x && (event.key === "ArrowUp" ? each.y < from.y : each.y > from.y)).map((each) => each.id);
      const near = pool.map((id) => products.get(id)).sort((a, b) => Math.abs(a.y - from.y) - Math.abs(b.y - from.y) || a.y - b.y)[0];
      if (near) choose(near.id);
    }
  });
  window.addEventListener("hashchange", readHash);
  begin();
  readHash();
  document.documentElement.dataset.ready = "1";
})();
