// How lines run: of the curves that the drawing library knows, the one that passes behind the fewest boxes and lists.
"use strict";
const LINES = (() => {
  const ways = (type, ...bends) => bends.map((roundness) => ({enabled: true, type, roundness, ...(type === "cubicBezier" ? {forceDirection: "horizontal"} : {})}));
  const bows = (first, other) => [.22, .14, .32, .44, .6].flatMap((bend) => [...ways(first, bend), ...ways(other, bend)]);
  // from column to column as an S or flat bow, within a column or back as a bow: the first is taken where it is as good as the others
  const ACROSS = [...ways("cubicBezier", .45, .35, .55, .25, .7, .12, .85), ...ways("curvedCW", .1), ...ways("curvedCCW", .1), ...ways("curvedCW", .22), ...ways("curvedCCW", .22)];
  const FORTH = bows("curvedCCW", "curvedCW"), BACK = bows("curvedCW", "curvedCCW");
  const STEP = 14, NEAR = 110; // pixels between two points that are looked at; sideways, below which two boxes stand in one column

  // where the library draws the curve: between the middles of two boxes, by one point that pulls it or by two
  const pulls = (from, to, {type, roundness}) => {
    const right = to.x - from.x, down = to.y - from.y;
    if (type === "cubicBezier") return [{x: from.x + roundness * right, y: from.y}, {x: to.x - roundness * right, y: to.y}];
    const turn = Math.atan2(-down, right) + (.5 + (type === "curvedCW" ? .5 : -.5) * roundness) * Math.PI, far = (.5 + .5 * roundness) * Math.hypot(right, down);
    return [{x: from.x + far * Math.sin(turn), y: from.y + far * Math.cos(turn)}];
  };
  const points = (from, to, way) => {
    const [one, other] = pulls(from, to, way), count = Math.max(8, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / STEP)), found = [];
    for (let at = 1; at < count; at += 1) {
      const t = at / count, s = 1 - t;
      const weigh = other ? (axis) => s * s * s * from[axis] + 3 * s * s * t * one[axis] + 3 * s * t * t * other[axis] + t * t * t * to[axis]
        : (axis) => s * s * from[axis] + 2 * s * t * one[axis] + t * t * to[axis];
      found.push({x: weigh("x"), y: weigh("y")});
    }
    return found;
  };
  const behind = (way, from, to, blocks, least) => {
    const line = points(from, to, way), xs = line.map(({x}) => x), ys = line.map(({y}) => y);
    const left = Math.min(...xs), right = Math.max(...xs), top = Math.min(...ys), bottom = Math.max(...ys);
    let count = 0;
    for (const block of blocks) {
      if (block.right < left || block.left > right || block.bottom < top || block.top > bottom) continue;
      if (line.some(({x, y}) => x > block.left && x < block.right && y > block.top && y < block.bottom)) count += 1;
      if (count >= least) break;
    }
    return count;
  };
  // at: middle of every box; blocks: what lines should keep clear of, `of` where it is the box of a product
  const choose = (edges, at, blocks) => edges.map((edge) => {
    const from = at.get(edge.from), to = at.get(edge.to), right = to.x - from.x;
    const others = blocks.filter((block) => block.of !== edge.from && block.of !== edge.to);
    let best = null, least = Infinity;
    for (const way of right > NEAR ? ACROSS : right < 0 ? BACK : FORTH) {
      const count = behind(way, from, to, others, least);
      if (count < least) { best = way; least = count; }
      if (!least) break;
    }
    return {id: edge.id, smooth: best, behind: least};
  });
  return {choose, points};
})();
