// What a text finds: names, initials and pinyin, stock codes; near names only where something of weight is shared.
"use strict";
const SEARCH = (() => {
  const {told, firms, status, word} = TOOLS;
  // full-width letters are letters, and blanks mean nothing in a name
  const plain = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/gu, "");
  const entry = (each, short, note) => ({
    id: each.id, name: each.name, note, plain: plain(each.name), short: plain(short), code: each.code || "", initials: each.pinyin.split(" "), syllables: each.spelled.split(" "),
  });
  const pool = [
    ...told.products.map((each) => entry(each, each.name, status(each.look))),
    ...[...firms.values()].map((each) => entry(each, each.short, word(each.kind === "local" ? "local" : "targets"))),
  ];
  // the beginnings of neighbouring syllables, as in gfzujian or guangfzj
  const spells = (text, syllables, at) => {
    if (!text) return true;
    if (at >= syllables.length) return false;
    for (let length = Math.min(syllables[at].length, text.length); length > 0; length -= 1) {
      if (text.startsWith(syllables[at].slice(0, length)) && spells(text.slice(length), syllables, at + 1)) return true;
    }
    return false;
  };
  const rank = (each, asked, letters) => {
    if (each.plain === asked || each.short === asked || (each.code && each.code === asked)) return 0;
    if (each.plain.startsWith(asked)) return 1;
    if (letters && (each.initials.some((reading) => reading.startsWith(asked)) || spells(asked, each.syllables, 0))) return 2;
    if (each.plain.includes(asked) || each.short.includes(asked)) return 3;
    if (asked.length > 2 && each.code.startsWith(asked)) return 4;
    if (letters && asked.length > 1 && each.initials.some((reading) => reading.includes(asked))) return 5;
    return letters && asked.length > 2 && each.syllables.some((_, at) => at && spells(asked, each.syllables, at)) ? 6 : 9;
  };
  const runs = (text) => {
    const found = new Set();
    for (let at = 0; at + 3 <= text.length; at += 1) if (/^[a-z]{3}$/.test(text.slice(at, at + 3))) found.add(text.slice(at, at + 3));
    return [...found];
  };
  const nearness = (each, chinese, latin) =>
    [...chinese].filter((letter) => each.short.includes(letter)).length + latin.filter((run) => each.short.includes(run)).length;
  const best = (rows, most) => rows.sort((a, b) => a[0] - b[0] || a[1] - b[1]).slice(0, most).map((row) => row[2]);
  const find = (text) => {
    const asked = plain(text), letters = /^[a-z0-9]+$/.test(asked);
    if (!asked) return {found: [], near: false};
    const found = best(pool.map((each, at) => [rank(each, asked, letters), at, each]).filter(([score]) => score < 9), 12);
    if (found.length) return {found, near: false};
    const chinese = new Set(asked.match(/\p{Script=Han}/gu) || []), latin = runs(asked);
    return {found: best(pool.map((each, at) => [-nearness(each, chinese, latin), at, each]).filter(([score]) => score < 0), 5), near: true};
  };
  return {find};
})();
