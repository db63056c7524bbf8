// The canvas: products stand where they were put, enterprises hang below their product, stages are headed; what the view shows of it.
"use strict";
const CANVAS = (() => {
  const {told, word, $, make, fixed, products, firms} = TOOLS;
  const SHOWN = 8, STEP = 27, HALF = 24, LONGEST = 26; // firms listed, height of one, half a box with room below, characters of a name
  const LETTERS = 17, LEAST = 10 / LETTERS, EASY = 12.5 / LETTERS; // scales at which letters can just be read, and read with ease
  const PALER = {lit: 0, pale: .68, out: .8}, INKS = {"■": "#0B5B43", "◇": "#0B4FA0", "": "#52606D"};
  const face = getComputedStyle(document.body).fontFamily;
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const animation = still ? false : {duration: 250, easingFunction: "easeInOutQuad"};
  const pen = document.createElement("canvas").getContext("2d");
  const textWidth = (text, size) => { pen.font = `${size}px ${face}`; return pen.measureText(text).width; };
  const cut = (text) => ([...text].length > LONGEST ? `${[...text].slice(0, LONGEST - 1).join("")}…` : text);

  const bases = new Map(told.network.nodes.map((node) => [node.id, node]));
  const nodes = new vis.DataSet(told.network.nodes.map((node) => ({...node, chosen: true})));
  const edges = new vis.DataSet(told.network.edges.map((edge) => ({...edge, base: edge.color.color})));
  const network = new vis.Network($("canvas"), {nodes, edges}, {
    physics: false, layout: {improvedLayout: false}, interaction: {hover: true, dragNodes: true, keyboard: false, multiselect: false},
    nodes: {
      font: {size: LETTERS, face}, margin: {top: 7, bottom: 7, left: 10, right: 10}, scaling: {label: {enabled: false, drawThreshold: 0, maxVisible: 400}},
    },
    edges: {arrows: {to: {enabled: true, scaleFactor: .6}}, width: 1.4, selectionWidth: 1.4, hoverWidth: 0,
      smooth: {enabled: true, type: "cubicBezier", forceDirection: "horizontal", roundness: .45}},
  });
  const halves = new Map(told.network.nodes.map((node) => [node.id, textWidth(node.label, LETTERS) / 2 + 14]));

  // -- enterprises: an opened list pushes down every box that would stand in it; the others stay where they are
  const open = new Set();
  const hung = (id) => {
    const product = products.get(id), all = [...product.local.map((each) => [each.firm, "■"]), ...product.targets.map((each) => [each.firm, "◇"])];
    const most = all.length === SHOWN + 1 ? SHOWN + 1 : SHOWN; // a row that says "one more" takes the room of that one
    const listed = all.slice(0, most).map(([firm, sign]) => {
      const {name, short} = firms.get(firm), said = cut(short);
      return {id: `${id}\n${firm}`, firm, sign, label: `${sign} ${said}`, title: said === name ? undefined : name};
    });
    if (all.length > most) listed.push({id: `${id}\n+`, firm: null, sign: "", label: word("more", all.length - most)});
    return listed;
  };
  const place = () => {
    const rowsOf = new Map();
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
        id: row.id, label: row.label, title: row.title, shape: "box", physics: false, x: left + row.wide / 2, y: below.get(id) + 38 + at * STEP,
        margin: {top: 6, bottom: 6, left: 3, right: 3}, borderWidth: 0, font: {size: 15, color: INKS[row.sign]}, ink: INKS[row.sign], owner: id, firm: row.firm, wide: row.wide,
        color: {background: "#FFFFFF", border: "#FFFFFF", highlight: {background: "#FFFFFF", border: "#2680C2"}, hover: {background: "#E1ECF7", border: "#E1ECF7"}},
      }));
    }
    nodes.remove(nodes.getIds({filter: (node) => node.owner && !wanted.has(node.id)}));
    nodes.update([...wanted.values()]);
    nodes.update(told.products.map((product) => ({id: product.id, x: product.x, y: below.get(product.id)})));
    lead(below, rowsOf, listWidth);
  };
  // lines keep clear of boxes and opened lists, so far as there is a curve that does
  const lead = (below, rowsOf, listWidth) => {
    const blocks = told.products.flatMap(({id, x}) => {
      const y = below.get(id), rows = (rowsOf.get(id) || []).length, half = halves.get(id), wide = listWidth(id) / 2;
      return [{of: id, left: x - half, right: x + half, top: y - 17, bottom: y + 17},
        ...(rows ? [{left: x - wide, right: x + wide, top: y + HALF, bottom: y + HALF + rows * STEP}] : [])];
    });
    edges.update(LINES.choose(edges.get(), new Map(told.products.map(({id, x}) => [id, {x, y: below.get(id)}])), blocks));
  };

  place();

  // -- light and shade: boxes stay opaque, or the lines behind them would strike their names through
  const toWhite = (colour, part) => `#${[1, 3, 5].map((at) => {
    const value = parseInt(colour.slice(at, at + 2), 16);
    return Math.round(value + (255 - value) * part).toString(16).padStart(2, "0");
  }).join("")}`;
  const boxIn = (base, shade) => {
    const part = PALER[shade], plain = shade === "out";
    const background = plain ? "#FFFFFF" : toWhite(base.color.background, part), border = plain ? "#DDE3EA" : toWhite(base.color.border, part);
    return {color: {background, border, highlight: {background, border: "#2680C2"}, hover: {background, border: "#2680C2"}},
      font: {color: plain ? "#B4BFCA" : toWhite(base.color.background === "#FFFFFF" ? base.font.color : base.color.border, part * .8)}};
  };
  // shadeOf: lit, pale (not near what is chosen) or out (filtered out) for every product; strong: whether a line belongs to what is chosen
  const shade = (shadeOf, strong) => {
    nodes.update(nodes.get().map((node) => {
      const how = shadeOf(node.owner || node.id);
      if (node.owner) return {id: node.id, hidden: how === "out", font: {color: toWhite(node.ink, PALER[how] * .8)}};
      const base = bases.get(node.id);
      return {id: node.id, ...(how === "lit" ? {color: {...base.color, hover: {background: base.color.background, border: "#2680C2"}}, font: base.font} : boxIn(base, how))};
    }));
    edges.update(edges.get().map((edge) => {
      const kept = strong(edge), on = kept !== false && shadeOf(edge.from) === "lit" && shadeOf(edge.to) === "lit";
      return {id: edge.id, color: {color: edge.base, highlight: edge.base, hover: edge.base, opacity: on ? 1 : .12}, width: on && kept ? 2.4 : 1.4};
    }));
  };

  // -- stages: a heading over the columns of each, at the top of the view wherever that is
  const lanes = told.stages.filter(Boolean).map((name) => {
    const mine = told.products.filter((product) => product.stage === name);
    return {name: fixed(name), count: mine.length, left: Math.min(...mine.map((each) => each.x - halves.get(each.id))), right: Math.max(...mine.map((each) => each.x + halves.get(each.id)))};
  }).filter((lane) => lane.count);
  const heads = lanes.map((lane) => make("span", lane.name));
  $("heads").append(...heads);
  const lanesSeen = (wide) => lanes.map((lane) => {
    const [left, right] = [lane.left, lane.right].map((x) => Math.min(wide, Math.max(0, network.canvasToDOM({x, y: 0}).x)));
    return {name: lane.name, left, wide: right - left};
  });
  network.on("afterDrawing", () => {
    lanesSeen($("canvas").clientWidth).forEach((lane, at) => {
      heads[at].style.left = `${lane.left}px`; heads[at].style.width = `${lane.wide}px`; heads[at].hidden = lane.wide < 40;
    });
  });

  // -- the view
  const ROOM = {side: 14, top: 36, bottom: 52}; // for the headings, and the buttons that move the view
  const extent = () => {
    const at = network.getPositions(), shown = nodes.get().map((node) => ({...at[node.id], half: node.owner ? node.wide / 2 + 3 : halves.get(node.id)}));
    return {left: Math.min(...shown.map((each) => each.x - each.half)), right: Math.max(...shown.map((each) => each.x + each.half)),
      top: Math.min(...shown.map((each) => each.y)) - HALF, bottom: Math.max(...shown.map((each) => each.y)) + HALF};
  };
  // the whole network within so many pixels, or within the canvas
  const whole = (how, wide = $("canvas").clientWidth, high = $("canvas").clientHeight, room = ROOM) => {
    const {left, right, top, bottom} = extent();
    const scale = Math.min(1.6, (wide - 2 * room.side) / (right - left), (high - room.top - room.bottom) / (bottom - top));
    network.moveTo({scale, position: {x: (left + right) / 2, y: (top + bottom) / 2 - (room.top - room.bottom) / 2 / scale}, animation: how});
    return scale;
  };
  const fit = () => whole(animation);
  // all of it where its letters can be read, else its beginning: the first column, from its first box on
  const begin = () => {
    if (whole(false) >= LEAST) return;
    const {left, top, bottom} = extent(), wide = $("canvas").clientWidth / EASY, high = $("canvas").clientHeight / EASY, room = ROOM.top / EASY;
    const first = told.products.reduce((best, each) => (each.x < best.x || (each.x === best.x && each.y < best.y) ? each : best));
    const start = bottom - top + room < high ? top : network.getPosition(first.id).y - HALF;
    network.moveTo({scale: EASY, animation: false, position: {x: left - ROOM.side / EASY + wide / 2, y: start - room + high / 2}});
  };
  const zoom = (factor) => network.moveTo({scale: Math.min(4, Math.max(.1, network.getScale() * factor)), animation});
  const pan = (right, down) => {
    const {x, y} = network.getViewPosition(), scale = network.getScale();
    network.moveTo({position: {x: x + right * $("canvas").clientWidth / 3 / scale, y: y + down * $("canvas").clientHeight / 3 / scale}, animation});
  };
  const focusOn = (id) => network.focus(id, {scale: Math.max(network.getScale(), .9), animation});
  return {network, nodes, edges, open, place, shade, lanesSeen, whole, begin, fit, zoom, pan, focusOn};
})();
