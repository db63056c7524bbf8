// A picture of the whole network with title, date, stages and legend; it says so where filters hide a part or something is lit.
"use strict";
const PICTURE = (() => {
  const {told, word, $, make, status, say} = TOOLS, {network, lanesSeen, whole} = CANVAS;
  const WIDE = 2400, HIGH = 1350, HEAD = 90, LANE = 44, LINE = 40;
  const legend = () => [
    ...Object.keys(told.looks).filter((key) => told.products.some((each) => each.look === key)).map(status), `■ ${word("local")}`,
    ...(told.withheld ? [word("withheld")] : [`◇ ${word("targets")}`]), `╌▶ ${word("cut")}`, ...(told.byproducts.length ? [`╍> ${word("byproduct")}`] : []),
  ].join("　");
  const draw = (from, captions) => {
    const to = make("canvas"), top = HEAD + LANE, scale = from.width / WIDE;
    to.width = WIDE; to.height = top + HIGH + LINE * captions.length + 24;
    const pen = to.getContext("2d"), face = getComputedStyle(document.body).fontFamily;
    const write = (text, x, y, size, colour, align = "left", wide = WIDE - 80) => {
      pen.fillStyle = colour; pen.font = `${size > 25 ? 700 : 400} ${size}px ${face}`; pen.textAlign = align; pen.fillText(text, x, y, wide);
    };
    pen.fillStyle = "#FFFFFF"; pen.fillRect(0, 0, to.width, to.height);
    pen.drawImage(from, 0, 0, from.width, HIGH * scale, 0, top, WIDE, HIGH);
    write(told.title, 40, 58, 40, "#1F3A5F", "left", 1400);
    write([told.stamp, told.dated].filter(Boolean).join(" ｜ "), WIDE - 40, 56, 24, "#52606D", "right", 880);
    for (const lane of lanesSeen(WIDE)) {
      pen.fillStyle = "#E4EAF1"; pen.fillRect(lane.left, HEAD, lane.wide, LANE - 8);
      write(lane.name, lane.left + lane.wide / 2, HEAD + 27, 26, "#1F3A5F", "center", lane.wide);
    }
    captions.forEach((text, at) => write(text, 40, top + HIGH + LINE * (at + 1) - 6, 24, at ? "#B5360A" : "#52606D"));
    return to;
  };
  // limits: what hides or pales a part of it, in words
  const save = (limits) => {
    const before = {position: network.getViewPosition(), scale: network.getScale()};
    network.setSize(`${WIDE}px`, `${HIGH}px`); network.redraw(); whole(false, WIDE, HIGH, {side: 40, top: 20, bottom: 20});
    network.once("afterDrawing", (context) => {
      draw(context.canvas, [legend(), ...limits]).toBlob((blob) => {
        const link = make("a", null, {download: `${told.title}.png`});
        link.href = URL.createObjectURL(blob); link.click(); setTimeout(() => URL.revokeObjectURL(link.href), 5000);
        say(word("saved"));
      }, "image/png");
      setTimeout(() => { network.setSize("100%", "100%"); network.redraw(); network.moveTo({...before, animation: false}); }, 0);
    });
    network.redraw();
  };
  return {save};
})();
