// What stands on the canvas and where: looks of nodes and edges, columns by stage of making, curves that run between the columns.
import {around, inRows, partnersOf, starOf, wayNodes} from "./rows.js";
import {$, data, state} from "./tools.js";

export const canvas = {cy: null, way: false, star: null, owner: new Map(), hovered: "", picked: new Set()};
const pen = document.createElement("canvas").getContext("2d");
export const face = () => getComputedStyle(document.body).fontFamily;
export const still = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const width = (text, size) => {
  pen.font = `${size}px ${face()}`;
  return pen.measureText(text).width;
};
export const SIGNS = {local: "■", target: "◇", other: "○"};
export const INKS = {local: "#0B5B43", target: "#0B4FA0", other: "#52606D"};
const ROW = 25, LIST = 14, GAP = 120; // height of an enterprise in the list below its product; most rows of a list; room between columns
const LEGIBLE = 11 / 14; // letters of 14 px are at least 11 px on the screen at first sight
const LONGEST = 26; // characters of a name on the canvas; the panel has all of it
const cut = (text) => ([...text].length > LONGEST ? `${[...text].slice(0, LONGEST - 1).join("")}…` : text);

const looks = () => [
  {
    selector: "node",
    style: {"font-family": face(), "text-valign": "center", "text-halign": "center", "overlay-opacity": 0, label: "data(label)", color: "data(ink)"},
  },
  {
    selector: "node[kind='product']",
    style: {
      shape: "round-rectangle", width: "data(w)", height: 34, "font-size": 15, "background-color": "data(fill)", "border-width": "data(edge)",
      "border-color": "data(border)", "border-style": "data(line)", "corner-radius": 6,
    },
  },
  {
    selector: "node[kind='firm']",
    style: {shape: "round-rectangle", width: "data(w)", height: 22, "font-size": 14, "background-color": "#FFFFFF", "border-width": 0},
  },
  {selector: "node:selected", style: {"border-width": 3, "border-color": "#2680C2", "border-style": "solid"}},
  {
    selector: "edge",
    style: {
      width: 1.5, "line-color": "#829AB1", "target-arrow-shape": "triangle", "target-arrow-color": "#829AB1", "arrow-scale": 0.9,
      "overlay-opacity": 0, "curve-style": "straight",
    },
  },
  {
    selector: "edge[?bend]",
    style: {
      "curve-style": "unbundled-bezier", "edge-distances": "endpoints", "source-endpoint": "90deg", "target-endpoint": "270deg",
      "control-point-weights": (edge) => edge.data("bend").weights, "control-point-distances": (edge) => edge.data("bend").distances,
    },
  },
  {selector: "edge[?bow]", style: {"curve-style": "unbundled-bezier", "control-point-distances": "data(bow)", "control-point-weights": 0.5}},
  {selector: "edge[side='right']", style: {"source-endpoint": "90deg", "target-endpoint": "90deg", "edge-distances": "endpoints"}},
  {selector: "edge[?wrap]", style: {"curve-style": "taxi", "taxi-direction": "vertical", "source-endpoint": "outside-to-node", "target-endpoint": "outside-to-node"}},
  {selector: "edge[relation='makes']", style: {width: 1.2, "line-color": "#9DB2CC", "target-arrow-shape": "none"}},
  {
    selector: "edge[relation='byproduct']",
    style: {"line-color": "#8A5A00", "target-arrow-color": "#8A5A00", "target-arrow-shape": "vee", "line-style": "dashed", "line-dash-pattern": [12, 4, 2, 4]},
  },
  {selector: "edge[relation='supplies']", style: {"line-color": "#0B4FA0", "target-arrow-color": "#0B4FA0", "line-style": "dotted"}},
  {
    selector: "edge[?broken]",
    style: {"line-color": "#B5360A", "target-arrow-color": "#B5360A", "line-style": "dashed", "line-dash-pattern": [7, 5]},
  },
  {selector: ".quiet", style: {display: "none"}},
  {selector: ".way", style: {width: 3.5, "line-color": "#2680C2", "target-arrow-color": "#2680C2"}},
  {selector: ".dim", style: {opacity: 0.15}},
];

export const element = (node) => {
  if (node.kind === "product") {
    const look = data.meta.looks[node.look], label = `${look.symbol} ${cut(node.name)}`;
    return {
      id: node.id, kind: "product", name: node.name, label, w: width(label, 15) + 24, fill: look.fill, ink: look.text, border: look.border,
      edge: node.look === "missing" ? 2.2 : 1.4, line: look.hatched ? "dashed" : "solid",
    };
  }
  const label = `${SIGNS[node.side]} ${cut(node.short)}`;
  return {
    id: node.id, kind: "firm", name: node.name, label, side: node.side, titled: Boolean(node.titles), w: width(label, 14) + 10, ink: INKS[node.side],
  };
};

// columns by the longest path among what is shown, each link as near to what it goes into as it can be
const depths = (links) => {
  const shown = new Set(links.map((each) => each.id)), depth = new Map();
  for (const each of links) {
    depth.set(each.id, Math.max(0, ...data.inputs.get(each.id).filter((id) => depth.has(id)).map((id) => depth.get(id) + 1)));
  }
  for (const each of [...links].reverse()) {
    const uses = data.uses.get(each.id).filter((id) => shown.has(id) && depth.get(id) > depth.get(each.id));
    if (uses.length) depth.set(each.id, Math.max(depth.get(each.id), Math.min(...uses.map((id) => depth.get(id))) - 1));
  }
  // what comes of making something stands after it, or its line would run behind the boxes between
  for (const edge of canvas.cy.edges("[relation='byproduct']").sort((x, y) => depth.get(x.source().id()) - depth.get(y.source().id()))) {
    const main = depth.get(edge.source().id()), side = edge.target().id();
    if (depth.get(side) <= main) depth.set(side, main + 1);
  }
  return depth;
};
// an enterprise hangs below the first link shown that it makes, below the chosen one if it makes that
const hang = (links) => {
  const rank = new Map(links.map((each, at) => [each.id, at])), hung = new Map(), loose = [];
  const order = (a, b) => "local target other".indexOf(a.data("side")) - "local target other".indexOf(b.data("side"));
  const beside = canvas.star ? partnersOf(canvas.star) : {suppliers: [], buyers: []}, partners = new Set([...beside.suppliers, ...beside.buyers]);
  canvas.owner = new Map();
  for (const firm of canvas.cy.nodes("[kind='firm']").sort((a, b) => order(a, b) || a.data("name").localeCompare(b.data("name"), "zh"))) {
    const near = firm.neighborhood("node[kind='product']").map((node) => node.id()).sort((a, b) => rank.get(a) - rank.get(b));
    const root = state.ids.find((id) => near.includes(id)); // who asked for it first
    if (!near.length || firm.id() === state.ids[0] || partners.has(firm)) { // an enterprise in the centre stands by itself, with whom it deals beside it
      loose.push(firm);
      continue;
    }
    const host = root || near[0];
    canvas.owner.set(firm.id(), host);
    hung.set(host, [...(hung.get(host) || []), firm]);
  }
  return {hung, loose};
};
// within a column, links stand by the mean height of what they are joined to in the columns before
const settle = (columns, depth) => {
  const height = new Map(), keys = [...columns.keys()].sort((a, b) => a - b);
  const count = (key) => columns.get(key).forEach((each, at) => height.set(each.id, at - (columns.get(key).length - 1) / 2));
  for (const key of keys) columns.get(key).sort((a, b) => a.y - b.y || a.x - b.x);
  keys.forEach(count);
  for (let sweep = 0; sweep < 6; sweep += 1) {
    for (const key of sweep % 2 ? [...keys].reverse() : keys) {
      const mean = new Map(columns.get(key).map((each) => {
        const near = [...data.inputs.get(each.id), ...data.uses.get(each.id)].filter((id) => depth.has(id) && depth.get(id) !== key);
        return [each.id, near.length ? near.reduce((sum, id) => sum + height.get(id), 0) / near.length : height.get(each.id)];
      }));
      columns.get(key).sort((a, b) => mean.get(a.id) - mean.get(b.id) || height.get(a.id) - height.get(b.id));
      count(key);
    }
  }
  return keys;
};
// a long list stands in several columns below its box
const listOf = (firms) => {
  const beside = Math.ceil(firms.length / LIST), rows = Math.ceil(firms.length / Math.max(1, beside)), widths = [];
  for (let part = 0; part < beside; part += 1) {
    widths.push(Math.max(...firms.slice(part * rows, (part + 1) * rows).map((firm) => firm.data("w"))));
  }
  return {rows, widths, wide: widths.reduce((sum, each) => sum + each + 8, -8), high: rows ? rows * ROW + 14 : 0};
};
// columns that are much higher than the whole is wide stand side by side in parts
const parted = (columns, tall, wide) => {
  const whole = columns.flat().reduce((sum, each) => sum + tall(each), 0), mean = columns.reduce((sum, column) => sum + wide(column), 0) / columns.length;
  const most = Math.max(900, Math.sqrt((whole * (mean + GAP)) / 1.5));
  return columns.flatMap((column) => {
    const parts = Math.ceil(column.reduce((sum, each) => sum + tall(each), 0) / most), high = column.reduce((sum, each) => sum + tall(each), 0) / parts;
    const found = [[]];
    let filled = 0;
    for (const each of column) {
      if (filled >= high * found.length && found.length < parts) found.push([]);
      found[found.length - 1].push(each);
      filled += tall(each);
    }
    return found;
  });
};
const places = (links, hung, loose) => {
  const depth = depths(links), columns = new Map(), at = new Map(), lists = new Map(), none = [];
  for (const each of links) columns.set(depth.get(each.id), [...(columns.get(depth.get(each.id)) || []), each]);
  for (const each of links) lists.set(each.id, listOf(hung.get(each.id) || none));
  const tall = (each) => 52 + lists.get(each.id).high, boxOf = (each) => canvas.cy.getElementById(each.id).data("w");
  const wide = (column) => Math.max(...column.map((each) => Math.max(boxOf(each), lists.get(each.id).wide)));
  let left = 0;
  for (const column of parted(settle(columns, depth).map((key) => columns.get(key)), tall, wide)) {
    const middle = left + wide(column) / 2;
    // the boxes are centred about the axis, not their lists: so a single box faces the middle of its suppliers
    let top = -column.reduce((sum, each) => sum + tall(each), 0) / 2 + (column.length === 1 ? (tall(column[0]) - 52) / 2 : 0);
    for (const each of column) {
      const list = lists.get(each.id), firms = hung.get(each.id) || none;
      at.set(each.id, {x: middle, y: top + 26});
      let start = middle - list.wide / 2;
      list.widths.forEach((width, part) => {
        firms.slice(part * list.rows, (part + 1) * list.rows).forEach((firm, row) => {
          at.set(firm.id(), {x: start + firm.data("w") / 2, y: top + 58 + row * ROW});
        });
        start += width + 8;
      });
      top += tall(each);
    }
    left += wide(column) + GAP;
  }
  standAlone(loose, at, left);
  return at;
};
// an enterprise in the centre: who sells to it on its left, what it makes and who buys from it on its right; the others below
const standAlone = (loose, at, right) => {
  const root = loose.find((firm) => firm.id() === state.ids[0]), rest = loose.filter((firm) => firm !== root), done = new Set();
  const bottom = Math.max(-Infinity, ...[...at.values()].map((each) => each.y)); // below the links, so that no line runs behind them
  const stack = (firms, x, side, top = (-(firms.length - 1) / 2) * 32) => firms.forEach((firm, row) => {
    done.add(firm);
    at.set(firm.id(), {x: x + (side * firm.data("w")) / 2, y: top + row * 32});
  });
  if (root) {
    const ends = (which) => new Set(root.connectedEdges("[relation='supplies']").map((edge) => edge[which]().id()));
    const half = root.data("w") / 2, from = ends("source"), to = ends("target");
    at.set(root.id(), {x: -150 - half, y: 0});
    stack(rest.filter((firm) => from.has(firm.id())), -300 - 2 * half, -1);
    stack(rest.filter((firm) => to.has(firm.id()) && !from.has(firm.id())), right, 1, at.size > 1 && Number.isFinite(bottom) ? bottom + 70 : undefined);
  }
  const others = rest.filter((firm) => !done.has(firm)), low = Math.max(0, ...[...at.values()].map((each) => each.y)) + (at.size ? 90 : 0);
  others.forEach((firm, row) => at.set(firm.id(), {x: 90 + (row % 4) * 240, y: low + Math.floor(row / 4) * 40}));
};
export const arrange = () => {
  const {cy} = canvas;
  const links = cy.nodes("[kind='product']").map((node) => data.products.get(node.id())).filter(Boolean).sort((a, b) => a.x - b.x || a.y - b.y);
  const way = wayNodes(cy);
  Object.assign(canvas, {way: way !== null, star: way ? null : starOf(cy)});
  const {hung, loose} = way ? {} : hang(links), depth = canvas.star ? depths(links) : null;
  if (way) canvas.owner = new Map();
  const at = way ? inRows(way, ($("canvas").clientWidth - 90) / 0.9)
    : canvas.star ? around(canvas.star, links.sort((a, b) => depth.get(a.id) - depth.get(b.id)), hung, loose) : places(links, hung, loose);
  cy.batch(() => {
    for (const [id, place] of at) {
      const pin = state.pins[id];
      cy.getElementById(id).position(Array.isArray(pin) && pin.every(Number.isFinite) ? {x: pin[0], y: pin[1]} : place);
    }
  });
  bend(cy.edges());
};

// what stands between two boxes of one row, or of one column
const between = (from, to, across) => {
  const [along, beside] = across ? ["x", "y"] : ["y", "x"];
  const [low, high] = [from.position(along), to.position(along)].sort((x, y) => x - y);
  return canvas.cy.nodes().filter((node) => node !== from && node !== to && node.position(along) > low && node.position(along) < high &&
    Math.abs(node.position(beside) - from.position(beside)) < (across ? 20 : node.data("w") / 2)).length;
};
// from the right side of the one to the left side of the other
const curve = (dx, dy) => {
  const square = dx * dx + dy * dy, slope = Math.sqrt(square), reach = dx / 2;
  return {bow: 0, side: "", wrap: false, bend: {weights: [(reach * dx) / square, ((dx - reach) * dx + dy * dy) / square], distances: [(-reach * dy) / slope, (reach * dy) / slope]}};
};
// where there is no room for that, a bow; over what stands between; at the end of a row down to the next
const course = (edge) => {
  const from = edge.source(), to = edge.target(), byproduct = edge.data("relation") === "byproduct";
  const apart = byproduct && edge.parallelEdges("[relation='arc']").length > 0; // else the one line would hide the other
  const fan = canvas.star && (from.same(canvas.star) || to.same(canvas.star));
  const across = !apart && (byproduct || fan || edge.data("relation") === "arc");
  const dx = to.position("x") - to.data("w") / 2 - from.position("x") - from.data("w") / 2, dy = to.position("y") - from.position("y");
  const straight = {bow: 0, side: "", wrap: false, bend: null};
  if (apart) return {...straight, bow: 36};
  const blocked = Math.abs(dy) < 24 ? between(from, to, true) : 0;
  if (blocked) return {...straight, bow: (dx > 0 ? -1 : 1) * (70 + 12 * blocked)};
  if (canvas.way && Math.abs(dy) >= 24) return {...straight, wrap: true};
  if (across && dx > 24) return curve(dx, dy);
  if (!across || Math.abs(dy) < 24) return straight;
  if (Math.abs(to.position("x") - from.position("x")) > (from.data("w") + to.data("w")) / 2) return {...straight, bow: 60};
  const over = between(from, to, false);
  return over ? {...straight, side: "right", bow: (dy > 0 ? -1 : 1) * (40 + 16 * over)} : straight;
};
export const bend = (edges) => { for (const edge of edges) edge.data(course(edge)); };

export const begin = (handlers) => {
  canvas.cy = cytoscape({
    container: $("canvas"), minZoom: 0.08, maxZoom: 3, boxSelectionEnabled: true, selectionType: "single", style: looks(),
  });
  const {cy} = canvas;
  cy.on("tap", "node", (event) => handlers.choose(event.target.id()));
  cy.on("tap", (event) => event.target === cy && handlers.choose(""));
  cy.on("dbltap", "node", (event) => handlers.expand(event.target.id()));
  cy.on("drag", "node", (event) => bend(event.target.connectedEdges()));
  cy.on("dragfree", "node", (event) => handlers.pin(event.target));
  for (const [name, id] of [["mouseover", (event) => event.target.id()], ["mouseout", () => ""]]) {
    cy.on(name, "node", (event) => {
      canvas.hovered = id(event);
      handlers.paint();
    });
  }
  let waiting = 0;
  cy.on("boxselect", "node", (event) => {
    canvas.picked.add(event.target.id());
    clearTimeout(waiting);
    waiting = setTimeout(handlers.paint, 0);
  });
  new ResizeObserver(() => cy.resize()).observe($("canvas"));
};
export const fit = () => {
  const {cy} = canvas;
  if (!cy || !cy.elements().length) return;
  cy.resize();
  cy.fit(cy.nodes(), 40);
  if (cy.zoom() > 1.25) {
    cy.zoom(1.25);
    cy.center(cy.nodes());
  }
};
// at first sight letters can be read: what is too large for that is shown about its centre
export const look = () => {
  const {cy} = canvas;
  fit();
  if (!cy.nodes().length || cy.zoom() >= LEGIBLE) return;
  const chosen = cy.getElementById(state.n || ""), root = chosen.length ? chosen : cy.getElementById(state.ids[0]);
  cy.zoom(LEGIBLE);
  cy.center(root.length && !wayNodes(cy) ? root : cy.nodes());
};
