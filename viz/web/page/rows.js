// Two ways to stand that are no columns by stage: around an enterprise in the centre, and along a way in rows.
import {state, wayOf} from "./tools.js";

const REACH = 170, STEP = 46, LINE = 96, LEAP = 64; // to the sides of the centre, rows beside it, rows of a way, room between boxes of a way
// the enterprise in the centre, if all links shown are what it makes: then nothing flows past it
export const starOf = (cy) => {
  const root = cy.getElementById(state.ids[0] || "");
  if (!root.length || root.data("kind") !== "firm") return null;
  const made = root.connectedEdges("[relation='makes']").targets();
  return cy.nodes("[kind='product']").every((node) => made.contains(node)) ? root : null;
};
export const partnersOf = (root) => {
  const deals = root.connectedEdges("[relation='supplies']"), from = deals.sources().filter((node) => node !== root), to = deals.targets().filter((node) => node !== root);
  return {suppliers: from.toArray(), buyers: to.toArray().filter((node) => !from.contains(node))};
};
// suppliers on the left; on the right what it makes in the order of making, its customers below
export const around = (root, links, hung, loose, listOf) => {
  const at = new Map([[root.id(), {x: 0, y: 0}]]), {suppliers, buyers} = partnersOf(root), half = root.data("w") / 2 + REACH, none = [];
  const stack = (rows, side) => {
    let top = -rows.reduce((sum, row) => sum + row.high, 0) / 2;
    for (const {node, high, list = none} of rows) {
      const wide = node.data("w"), left = side > 0 ? half : -half - wide;
      at.set(node.id(), {x: left + wide / 2, y: top + STEP / 2});
      list.forEach((firm, row) => at.set(firm.id(), {x: left + 14 + firm.data("w") / 2, y: top + STEP + 8 + row * 25}));
      top += high;
    }
  };
  const made = links.map((each) => {
    const list = hung.get(each.id) || none;
    return {node: root.cy().getElementById(each.id), high: STEP + (list.length ? list.length * 25 + 8 : 0), list};
  });
  stack(suppliers.map((node) => ({node, high: STEP})), -1);
  stack([...made, ...buyers.map((node) => ({node, high: STEP}))], 1);
  const rest = loose.filter((firm) => !at.has(firm.id())), low = Math.max(...[...at.values()].map((each) => each.y)) + 80;
  rest.forEach((firm, row) => at.set(firm.id(), {x: ((row % 4) - 1.5) * 220, y: low + Math.floor(row / 4) * 40}));
  return at;
};
// a way is read like text: from the left, and on in the next row
export const wayNodes = (cy) => {
  const ids = wayOf(), nodes = ids.map((id) => cy.getElementById(id)).filter((node) => node.length);
  return nodes.length > 1 && nodes.length === ids.length && nodes.length === cy.nodes().length ? nodes : null;
};
export const inRows = (nodes, room) => {
  const at = new Map(), rows = [[]];
  let filled = 0;
  for (const node of nodes) {
    const wide = node.data("w");
    if (filled && filled + wide > room) {
      rows.push([]);
      filled = 0;
    }
    rows[rows.length - 1].push(node);
    filled += wide + LEAP;
  }
  // rows of about the same length
  const most = Math.ceil(nodes.length / rows.length);
  nodes.forEach((node, number) => {
    const before = nodes.slice(number - (number % most), number).reduce((sum, each) => sum + each.data("w") + LEAP, 0);
    at.set(node.id(), {x: before + node.data("w") / 2, y: Math.floor(number / most) * LINE});
  });
  return at;
};
