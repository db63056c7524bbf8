// The canvas as a picture to keep: PNG at twice the size, SVG with boxes, lines and text; both with title, date and legend.
import {canvas, face} from "./canvas.js";
import {legendText} from "./explore.js";
import {data, make, status} from "./tools.js";

const HEAD = 90, FOOT = 60, SPACE = "http://www.w3.org/2000/svg";
const legend = () => [...Object.keys(data.meta.looks).map(status), ...legendText()].join("　");
const shown = () => canvas.cy.elements().filter((each) => each.visible());

export const canvasPng = async () => {
  const blob = canvas.cy.png({full: true, scale: 2, output: "blob", bg: "#FFFFFF", maxWidth: 8000, maxHeight: 8000});
  const image = await createImageBitmap(blob), sheet = make("canvas"), brush = sheet.getContext("2d");
  sheet.width = Math.max(2000, image.width + 80);
  sheet.height = image.height + HEAD + FOOT;
  brush.fillStyle = "#FFFFFF";
  brush.fillRect(0, 0, sheet.width, sheet.height);
  brush.drawImage(image, (sheet.width - image.width) / 2, HEAD);
  const write = (text, size, ink, x, y, align = "left") => {
    brush.font = `${size}px ${face()}`;
    brush.fillStyle = ink;
    brush.textAlign = align;
    brush.fillText(text, x, y, sheet.width - 80);
  };
  write(data.told.title, "700 36", "#1F3A5F", 40, 54);
  write(data.told.dated, "22", "#52606D", sheet.width - 40, 52, "right");
  write(legend(), "22", "#52606D", 40, sheet.height - 22);
  return new Promise((done) => sheet.toBlob(done, "image/png"));
};

const tenth = (value) => String(Math.round(value * 10) / 10);
const point = (at) => `${tenth(at.x)},${tenth(at.y)}`;
const drawn = (tag, attributes, text) => {
  const element = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, typeof value === "number" ? tenth(value) : value);
  if (text !== undefined) element.textContent = text;
  return element;
};
const arrow = (edge, ink) => {
  const end = edge.targetEndpoint(), [before] = (edge.segmentPoints() || edge.controlPoints() || [edge.sourceEndpoint()]).slice(-1);
  const angle = Math.atan2(end.y - before.y, end.x - before.x);
  const corner = (turn) => point({x: end.x - 10 * Math.cos(angle + turn), y: end.y - 10 * Math.sin(angle + turn)});
  return drawn("polygon", {points: `${point(end)} ${corner(0.42)} ${corner(-0.42)}`, fill: ink});
};
const line = (edge) => {
  const end = edge.targetEndpoint(), bends = edge.controlPoints() || [], middle = (a, b) => ({x: (a.x + b.x) / 2, y: (a.y + b.y) / 2});
  const next = (at) => (at + 1 < bends.length ? middle(bends[at], bends[at + 1]) : end);
  const corners = (edge.segmentPoints() || []).map((each) => `L${point(each)}`).join(" ");
  const curve = corners ? `${corners} L${point(end)}` : bends.map((bend, at) => `Q${point(bend)} ${point(next(at))}`).join(" ") || `L${point(end)}`;
  const ink = edge.style("line-color");
  const dash = edge.data("relation") === "byproduct" ? "12 4 2 4" : {dashed: "7 5", dotted: "2 4"}[edge.style("line-style")];
  const path = drawn("path", {d: `M${point(edge.sourceEndpoint())} ${curve}`, fill: "none", stroke: ink, "stroke-width": edge.numericStyle("width")});
  if (dash) path.setAttribute("stroke-dasharray", dash);
  return edge.style("target-arrow-shape") === "none" ? [path] : [path, arrow(edge, ink)];
};
const box = (node) => {
  const at = node.position(), wide = node.width(), high = node.height(), product = node.data("kind") === "product", group = drawn("g", {});
  const frame = drawn("rect", {x: at.x - wide / 2, y: at.y - high / 2, width: wide, height: high, rx: 6, fill: product ? node.data("fill") : "#FFFFFF"});
  if (product) {
    frame.setAttribute("stroke", node.data("border"));
    frame.setAttribute("stroke-width", tenth(node.data("edge")));
    if (node.data("line") === "dashed") frame.setAttribute("stroke-dasharray", "5 4");
  }
  const text = {x: at.x, y: at.y + 5, "text-anchor": "middle", "font-size": product ? 15 : 14, fill: node.data("ink")};
  group.append(drawn("title", {}, node.data("name")), frame, drawn("text", text, node.data("label")));
  return group;
};
export const canvasSvg = () => {
  const {cy} = canvas, room = cy.nodes().filter((node) => node.visible()).boundingBox(), wide = Math.max(900, room.w + 80);
  const left = room.x1 - (wide - room.w) / 2, top = room.y1 - HEAD, high = room.h + HEAD + FOOT;
  const root = drawn("svg", {
    xmlns: SPACE, viewBox: [left, top, wide, high].map((each) => each.toFixed(1)).join(" "), width: wide, height: high, "font-family": face(),
  });
  root.append(drawn("title", {}, data.told.title), drawn("rect", {x: left, y: top, width: wide, height: high, fill: "#FFFFFF"}));
  root.append(...shown().edges().toArray().flatMap(line), ...shown().nodes().toArray().map(box));
  root.append(
    drawn("text", {x: left + 24, y: top + 40, "font-size": 22, "font-weight": 700, fill: "#1F3A5F"}, data.told.title),
    drawn("text", {x: left + wide - 24, y: top + 66, "font-size": 13, "text-anchor": "end", fill: "#52606D"}, data.told.dated),
    drawn("text", {x: left + 24, y: top + high - 20, "font-size": 13, fill: "#52606D"}, legend()));
  return new Blob([new XMLSerializer().serializeToString(root)], {type: "image/svg+xml"});
};
