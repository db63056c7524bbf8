"use strict";
(() => {
  const told = JSON.parse(document.getElementById("told").textContent);
  const english = document.documentElement.lang === "en";
  const word = (key, ...values) => values.reduce((text, value, at) => text.replace(`{${at}}`, value), WORDS[key][english ? 1 : 0]);
  const $ = (id) => document.getElementById(id);
  const make = (tag, text, attributes = {}) => {
    const element = document.createElement(tag);
    if (text !== null && text !== undefined) element.textContent = text;
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "class") element.className = value; else element.setAttribute(name, value);
    }
    return element;
  };
  const status = (key) => `${told.looks[key].symbol} ${english ? told.looks[key].english : told.looks[key].word}`;
  const badge = (key) => {
    const look = told.looks[key], shown = make("span", status(key), {class: look.hatched ? "badge dash" : "badge"});
    shown.style.background = look.fill; shown.style.color = look.text; shown.style.borderColor = look.border;
    return shown;
  };
  const ACTIONS = {补链: "fill", 延链: "extend", 强链: "strengthen", 提链: "upgrade", 先核实: "verify"};
  const deed = (name) => (Object.keys(ACTIONS).includes(name) ? word(ACTIONS[name]) : name);
  const amount = (value) => value.toLocaleString("zh-CN", {maximumFractionDigits: 2});

  const products = new Map(told.products.map((each) => [each.id, each]));
  const firms = new Map(Object.entries(told.firms));
  const known = (id) => products.get(id) || firms.get(id);
  const inputs = new Map(), uses = new Map();
  for (const id of products.keys()) { inputs.set(id, []); uses.set(id, []); }
  for (const arc of told.arcs) { inputs.get(arc.to).push(arc.from); uses.get(arc.from).push(arc.to); }
  const gapsOf = new Map();
  for (const gap of told.gaps) gapsOf.set(gap.product, [...(gapsOf.get(gap.product) || []), gap]);

  for (const element of document.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
  for (const element of document.querySelectorAll("[data-aria]")) element.setAttribute("aria-label", word(element.dataset.aria));
  $("search").placeholder = word("search");
  document.querySelector("aside").setAttribute("aria-label", word("gaps"));

  // -- the canvas: products stand where they were put, enterprises hang below their product
  const nodes = new vis.DataSet(told.network.nodes.map((node) => ({...node, chosen: true})));
  const edges = new vis.DataSet(told.network.edges.map((edge) => ({...edge, base: edge.color.color})));
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const animation = still ? false : {duration: 250, easingFunction: "easeInOutQuad"};
  const network = new vis.Network($("canvas"), {nodes, edges}, {
    physics: false, layout: {improvedLayout: false}, interaction: {hover: true, dragNodes: true, keyboard: false, multiselect: false},
    nodes: {font: {size: 17, face: getComputedStyle(document.body).fontFamily}, margin: {top: 7, bottom: 7, left: 10, right: 10}},
    edges: {arrows: {to: {enabled: true, scaleFactor: .6}}, width: 1.4, selectionWidth: 1.4, hoverWidth: 0,
      smooth: {enabled: true, type: "cubicBezier", forceDirection: "horizontal", roundness: .45}},
  });
  const open = new Set(), SHOWN = 8, STEP = 27;
  let chosen = null, hovered = null;

  const hung = (id) => {
    const product = products.get(id);
    const all = [...product.local.map((each) => [each.firm, "■"]), ...product.targets.map((each) => [each.firm, "◇"])];
    const listed = all.slice(0, SHOWN).map(([firm, sign]) => ({id: `${id}\n${firm}`, firm, label: `${sign} ${firms.get(firm).short}`, local: sign === "■"}));
    if (all.length > SHOWN) listed.push({id: `${id}\n+`, firm: null, label: word("more", all.length - SHOWN), local: false});
    return listed;
  };
  // an opened list pushes down every box that would stand in it; the others stay where they are
  const pen = document.createElement("canvas").getContext("2d"), HALF = 24;
  const textWidth = (text, size) => { pen.font = `${size}px ${getComputedStyle(document.body).fontFamily}`; return pen.measureText(text).width; };
  const halves = new Map(told.network.nodes.map((node) => [node.id, textWidth(node.label, 17) / 2 + 14]));
  const rowsOf = new Map(), place = () => {
    rowsOf.clear();
    for (const id of open) rowsOf.set(id, hung(id).map((row) => ({...row, wide: textWidth(row.label, 15)})));
    const listWidth = (id) => Math.max(0, ...(rowsOf.get(id) || []).map((row) => row.wide));
    const half = (id) => Math.max(halves.get(id), listWidth(id) / 2 + 8), stood = [], below = new Map();
    for (const product of [...told.products].sort((one, other) => one.y - other.y || one.x - other.x)) {
      const over = stood.filter((each) => Math.abs(each.x - product.x) < each.half + half(product.id));
      const y = Math.max(product.y, ...over.map((each) => each.bottom + HALF)), list = (rowsOf.get(product.id) || []).length * STEP;
      below.set(product.id, y);
      stood.push({x: product.x, half: half(product.id), bottom: y + (list ? HALF + list : HALF - 6)});
    }
    const wanted = new Map();
    for (const [id, rows] of rowsOf) {
      const left = products.get(id).x - listWidth(id) / 2;
      rows.forEach((row, at) => wanted.set(row.id, {
        id: row.id, label: row.label, shape: "text", physics: false, x: left + row.wide / 2, y: below.get(id) + 38 + at * STEP,
        font: {size: 15, color: row.local ? "#0B5B43" : "#0B4FA0", strokeWidth: 4, strokeColor: "#FFFFFF"}, owner: id, firm: row.firm,
      }));
    }
    nodes.remove(nodes.getIds({filter: (node) => node.owner && !wanted.has(node.id)}));
    nodes.update([...wanted.values()]);
    nodes.update(told.products.map((product) => ({id: product.id, x: product.x, y: below.get(product.id)})));
  };
  const toggle = (id, on = !open.has(id)) => { if (on) open.add(id); else open.delete(id); place(); paint(); };

  // -- filters
  const passes = (product) => {
    const boxes = $("looks").querySelectorAll("input"), wanted = new Set([...boxes].filter((box) => box.checked).map((box) => box.value));
    const stage = $("stage").value, action = $("action").value;
    return wanted.has(product.look) && (!stage || product.stage === stage) &&
      (!action || (gapsOf.get(product.id) || []).some((gap) => gap.action === action));
  };
  const paint = () => {
    const centre = hovered || (chosen && products.has(chosen) ? chosen : null);
    const near = centre ? new Set([centre, ...inputs.get(centre), ...uses.get(centre)]) : null;
    const owners = chosen && firms.has(chosen) ? new Set(firms.get(chosen).products) : null;
    const seen = new Set(told.products.filter(passes).map((product) => product.id));
    const lit = (id) => seen.has(id) && (!near || near.has(id)) && (!owners || owners.has(id));
    nodes.update(nodes.get().map((node) => ({id: node.id, opacity: lit(node.owner || node.id) ? 1 : .16, hidden: node.owner ? !seen.has(node.owner) : false})));
    edges.update(edges.get().map((edge) => {
      const on = lit(edge.from) && lit(edge.to) && (!centre || edge.from === centre || edge.to === centre);
      return {id: edge.id, color: {color: edge.base, highlight: edge.base, opacity: on ? 1 : .12}, width: on && centre ? 2.4 : 1.4};
    }));
    $("count").textContent = word("shown", seen.size, products.size);
    listGaps(seen);
  };

  // -- panels
  const listGaps = (seen) => {
    const action = $("action").value, list = $("gaps"), rows = told.gaps.filter((gap) => seen.has(gap.product) && (!action || gap.action === action));
    const counts = new Map();
    for (const gap of rows) counts.set(gap.action, (counts.get(gap.action) || 0) + 1);
    $("sum").textContent = [...counts].map(([name, count]) => `${deed(name)} ${count}`).join(" · ");
    list.replaceChildren(...rows.map((gap) => {
      const button = make("button", null, {type: "button", title: gap.detail});
      button.style.borderLeftColor = told.looks[gap.look].border;
      button.append(make("span", told.looks[gap.look].symbol, {title: status(gap.look)}), make("b", gap.name), make("small", `${deed(gap.action)} · ${status(gap.look).slice(2)} · ${gap.score.toFixed(0)}`));
      if (gap.product === chosen) button.setAttribute("aria-current", "true");
      button.addEventListener("click", () => choose(gap.product));
      const item = make("li"); item.append(button);
      return item;
    }));
    if (!rows.length) list.append(make("li", word("noGaps"), {class: "soft"}));
  };
  const linkTo = (id, text, extra = "") => {
    const button = make("button", text, {type: "button", class: `link ${extra}`});
    button.addEventListener("click", () => choose(id));
    return button;
  };
  const joined = (ids) => {
    const line = make("p");
    if (!ids.length) line.textContent = word("none");
    ids.forEach((id, at) => { if (at) line.append("、"); line.append(linkTo(id, `${told.looks[products.get(id).look].symbol} ${products.get(id).name}`)); });
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
      item.append(linkTo(row.firm, `${sign} ${firm.short}`, extra), make("div", row.reason || row.evidence, {class: "soft"}));
      if (row.origin) item.append(make("div", row.origin, {class: "soft"}));
      list.append(item);
    }
    return list;
  };
  const showProduct = (product) => {
    const gaps = gapsOf.get(product.id) || [];
    const parts = [make("h2", product.name)];
    const line = make("p"); line.append(badge(product.look), ` ${[product.stage, product.segment].filter(Boolean).join(" · ")}`);
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
      parts.push(make("h3", `${deed(gap.action)} · ${gap.kind} · ${word("score")} ${gap.score.toFixed(1)}`), make("p", gap.detail), make("p", gap.certainty, {class: "soft"}));
      if (gap.key) parts.push(make("p", gap.key, {class: "soft"}));
    }
    parts.push(make("h3", `■ ${word("local")}（${product.local.length}）`), firmRows(product.local, "■", "here"));
    parts.push(make("h3", `◇ ${word("targets")}（${product.targets.length}）`), firmRows(product.targets, "◇", ""));
    parts.push(make("h3", word("up")), joined(inputs.get(product.id)), make("h3", word("down")), joined(uses.get(product.id)));
    return parts;
  };
  const showFirm = (firm) => {
    const parts = [make("h2", `${firm.kind === "local" ? "■" : "◇"} ${firm.name}`), facts([
      [word("where"), firm.place || word("unplaced")], [word("titles"), firm.titles], [word("capital"), firm.capital === null ? "" : amount(firm.capital)]])];
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
    return box;
  };
  const showDetail = () => {
    const parts = products.has(chosen) ? showProduct(products.get(chosen)) : firms.has(chosen) ? showFirm(firms.get(chosen))
      : [make("h2", word("begin")), make("p", word("beginHow"), {class: "soft"}), notes()];
    $("detail").replaceChildren(...parts);
    $("detail").parentElement.scrollTop = 0;
  };

  // -- choosing
  const focusOn = (id) => network.focus(id, {scale: Math.max(network.getScale(), .9), animation});
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
    const off = [...$("looks").querySelectorAll("input")].filter((box) => !box.checked).map((box) => box.value);
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

  // -- search: by name, by pinyin initials; near names where nothing fits
  const searchable = [...told.products.map((each) => ({id: each.id, name: each.name, pinyin: each.pinyin, note: status(each.look)})),
    ...[...firms.values()].map((each) => ({id: each.id, name: each.name, pinyin: each.pinyin, note: word(each.kind === "local" ? "local" : "targets")}))];
  const hits = (text) => {
    const asked = text.trim().toLowerCase();
    const rank = (each) => {
      const name = each.name.toLowerCase();
      if (name === asked) return 0;
      if (name.startsWith(asked)) return 1;
      if (each.pinyin.split(" ").some((reading) => reading.startsWith(asked))) return 2;
      if (name.includes(asked)) return 3;
      return /^[a-z0-9]{2,}$/.test(asked) && each.pinyin.includes(asked) ? 4 : 9;
    };
    const found = searchable.map((each, at) => [rank(each), at, each]).filter(([score]) => score < 9).sort((a, b) => a[0] - b[0] || a[1] - b[1]).slice(0, 12).map((each) => each[2]);
    if (found.length) return {found, near: false};
    const letters = new Set(asked);
    const near = searchable.map((each) => [[...each.name.toLowerCase()].filter((letter) => letters.has(letter)).length, each]).filter(([score]) => score > 0);
    return {found: near.sort((a, b) => b[0] - a[0]).slice(0, 5).map((each) => each[1]), near: true};
  };
  let pointer = -1;
  const showHits = () => {
    const list = $("hits"), text = $("search").value;
    if (!text.trim()) { closeHits(); return; }
    const {found, near} = hits(text);
    pointer = near ? -1 : 0;
    const rows = found.map((each, at) => {
      const item = make("li", null, {role: "option", id: `hit${at}`, "aria-selected": String(at === pointer), "data-id": each.id});
      item.append(make("span", each.name), make("small", each.note));
      item.addEventListener("mousedown", (event) => { event.preventDefault(); take(each.id); });
      return item;
    });
    if (near) rows.unshift(make("li", word("noHit"), {role: "presentation"}));
    list.replaceChildren(...rows);
    list.hidden = false;
    $("search").setAttribute("aria-expanded", "true");
  };
  const closeHits = () => { $("hits").hidden = true; $("search").setAttribute("aria-expanded", "false"); $("search").removeAttribute("aria-activedescendant"); };
  const take = (id) => { $("search").value = known(id).name; closeHits(); choose(id); };
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
    } else if (event.key === "Enter" && rows[Math.max(pointer, 0)]) { event.preventDefault(); take(rows[Math.max(pointer, 0)].dataset.id); }
    else if (event.key === "Escape") { closeHits(); }
  });

  // -- a picture of the whole network with title, date and legend
  const picture = () => {
    const before = {position: network.getViewPosition(), scale: network.getScale()}, box = $("canvas"), width = box.clientWidth, height = box.clientHeight;
    network.setSize("2400px", "1350px"); network.redraw(); network.fit({animation: false});
    network.once("afterDrawing", (context) => {
      const from = context.canvas, to = document.createElement("canvas"), head = 90, foot = 60, scale = from.width / 2400;
      to.width = 2400; to.height = 1350 + head + foot;
      const pen = to.getContext("2d"), face = getComputedStyle(document.body).fontFamily;
      pen.fillStyle = "#FFFFFF"; pen.fillRect(0, 0, to.width, to.height);
      pen.drawImage(from, 0, 0, from.width, 1350 * scale, 0, head, 2400, 1350);
      pen.fillStyle = "#1F3A5F"; pen.font = `700 40px ${face}`; pen.fillText(told.title, 40, 58);
      pen.fillStyle = "#52606D"; pen.font = `24px ${face}`; pen.textAlign = "right"; pen.fillText([told.stamp, told.dated].filter(Boolean).join(" ｜ "), 2360, 56);
      pen.textAlign = "left"; pen.fillText([...Object.keys(told.looks).map(status), `■ ${word("local")}`, `◇ ${word("targets")}`, `╌▶ ${word("cut")}`].join("　"), 40, head + 1350 + 40);
      to.toBlob((blob) => {
        const link = make("a", null, {download: `${told.title}.png`});
        link.href = URL.createObjectURL(blob); link.click(); setTimeout(() => URL.revokeObjectURL(link.href), 5000);
        say(word("saved"));
      }, "image/png");
      setTimeout(() => { network.setSize("100%", "100%"); network.redraw(); network.moveTo({...before, animation: false}); }, 0);
    });
    network.redraw();
  };
  let quiet = 0;
  const say = (text) => { $("said").textContent = text; $("said").hidden = false; clearTimeout(quiet); quiet = setTimeout(() => { $("said").hidden = true; }, 2500); };

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
  options("stage", told.stages);
  options("action", [...new Set(told.gaps.map((gap) => gap.action))].sort(), deed);
  $("fit").addEventListener("click", () => network.fit({animation}));
  $("picture").addEventListener("click", picture);
  $("firms").addEventListener("click", () => {
    const on = $("firms").getAttribute("aria-pressed") !== "true";
    $("firms").setAttribute("aria-pressed", String(on));
    open.clear();
    if (on) for (const product of told.products) if (product.local.length) open.add(product.id);
    place(); paint(); showDetail(); network.fit({animation});
  });
  $("help").addEventListener("click", () => {
    $("aboutText").replaceChildren(make("h2", word("help")), make("p", word("helpText")), ...told.notes.map((note) => make("p", note)));
    $("about").showModal();
  });
  network.on("click", (event) => {
    const node = event.nodes.length ? nodes.get(event.nodes[0]) : null;
    choose(node ? (node.owner ? node.firm || node.owner : node.id) : null, {move: false});
  });
  network.on("doubleClick", (event) => { if (event.nodes.length && products.has(event.nodes[0])) { toggle(event.nodes[0]); showDetail(); } });
  network.on("hoverNode", (event) => { if (products.has(event.node)) { hovered = event.node; paint(); } });
  network.on("blurNode", () => { hovered = null; paint(); });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) || $("about").open) return;
    if (event.key === "/") { event.preventDefault(); $("search").focus(); $("search").select(); }
    else if (event.key === "f" || event.key === "F") network.fit({animation});
    else if (event.key === "Escape") choose(null);
    else if ((event.key === "e" || event.key === "E") && products.has(chosen)) { toggle(chosen); showDetail(); }
    else if (event.target === $("canvas") && event.key.startsWith("Arrow")) {
      event.preventDefault();
      const from = products.get(chosen);
      if (!from) { choose(told.products[0].id); return; }
      const pool = event.key === "ArrowLeft" ? inputs.get(from.id) : event.key === "ArrowRight" ? uses.get(from.id)
        : told.products.filter((each) => each.x === from.x && (event.key === "ArrowUp" ? each.y < from.y : each.y > from.y)).map((each) => each.id);
      const near = pool.map((id) => products.get(id)).sort((a, b) => Math.abs(a.y - from.y) - Math.abs(b.y - from.y) || a.y - b.y)[0];
      if (near) choose(near.id);
    }
  });
  window.addEventListener("hashchange", readHash);
  network.fit({animation: false});
  readHash();
  document.documentElement.dataset.ready = "1";
})();
