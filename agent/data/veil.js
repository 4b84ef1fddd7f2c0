// Draws a veil over the page for a picture of it, lifts it again, and says where things are; no node is touched.
// All writing becomes transparent by a style sheet of its own, and what may be seen (agent/live/veil.py decides) is
// painted again as highlights of the very texts. So whatever the page adds meanwhile cannot be seen. The answer has
// `told` (why there is no veil, or where the things are) and `lift`, which says whether the page is still the same.
(given) => {
  const plan = JSON.parse(given);
  const blank = new RegExp("[" + plan.blanks + "]+", "g");
  const skipped = new Set(plan.skipped.map((name) => name.toUpperCase()));
  const clear = (colour) => /^rgba\((?:[^,]+,){3}\s*0\)$|\/\s*0%?\s*\)$/.test(colour);
  const painted = (element) => getComputedStyle(element).getPropertyValue("-webkit-text-fill-color");
  const told = { ok: false, why: "" };
  const nothing = (why) => ({ told: { ok: false, why }, lift: () => false });
  if (!window.CSS || !CSS.highlights || !window.Highlight || !document.adoptedStyleSheets || !document.body) {
    return nothing("the browser is too old");
  }

  // The texts of the page in order, each with its place in the one line.
  function read() {
    const found = [];
    const odd = new Set();
    let at = 0;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) =>
      node.nodeType === 1 && skipped.has(node.nodeName.toUpperCase()) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.nodeType === 1) {
        if (node.localName.includes("-")) { odd.add(node.localName); } else if (node.shadowRoot) { return null; }
        continue;
      }
      const text = node.data.replace(blank, "");
      if (text) { found.push({ node, text, start: at, end: at + text.length }); }
      at += text.length;
    }
    return { texts: found, odd, line: found.map((one) => one.text).join("") };
  }

  const still = (line) => line.replace(/\d/g, "0");  // clocks go on
  const page = read();
  if (!page) { return nothing("the page has hidden parts"); }
  if (still(page.line) !== still(plan.line)) { return nothing("the page is not what was read"); }

  // The highlights: one for each colour, and one for what is blank.
  const colours = new Map();
  const ranges = [];
  const hidden = [];
  let next = 0;
  for (const text of page.texts) {
    while (next < plan.shown.length && plan.shown[next][1] <= text.start) { next += 1; }
    const spans = [];
    for (let k = next; k < plan.shown.length && plan.shown[k][0] < text.end; k += 1) {
      spans.push([Math.max(plan.shown[k][0], text.start) - text.start, Math.min(plan.shown[k][1], text.end) - text.start]);
    }
    const whole = spans.length > 0 && spans[0][0] === 0 && spans.every((span, k) => !k || spans[k - 1][1] === span[0]) && spans.at(-1)[1] === text.text.length;
    if (!whole) { hidden.push(text.node); }
    if (!spans.length) { continue; }
    const colour = painted(text.node.parentElement);
    if (!colours.has(colour)) { colours.set(colour, colours.size < plan.colours ? colours.size : 0); }
    for (const [from, to] of whole ? [[0, text.text.length]] : spans) { ranges.push([colours.get(colour), within(text.node, from, to)]); }
  }

  // The part of a text between two places of the line, whose white space is not counted.
  function within(node, from, to) {
    const range = new Range();
    const solid = (sign) => sign.replace(blank, "").length;
    let count = 0;
    let start = -1;
    let end = node.data.length;
    for (let k = 0; k < node.data.length; k += 1) {
      if (start < 0 && count >= from && solid(node.data[k])) { start = k; }
      if (solid(node.data[k])) { count += 1; }
      if (count >= to) { end = k + 1; break; }
    }
    range.setStart(node, Math.max(start, 0));
    range.setEnd(node, end);
    return range;
  }

  const calm = new CSSStyleSheet();
  calm.replaceSync("*, *::before, *::after { transition: none !important; }");
  const sheet = new CSSStyleSheet();
  const everything = "*, *::before, *::after, *::marker, *::placeholder, *::first-letter, *::first-line, *::backdrop";
  sheet.replaceSync(everything.split(", ").map((name) => `${name} { color: transparent !important;
    -webkit-text-fill-color: transparent !important; -webkit-text-stroke-color: transparent !important;
    text-shadow: none !important; text-decoration-color: transparent !important; text-emphasis-color: transparent !important;
    caret-color: transparent !important; background-image: none !important; border-image: none !important;
    list-style-image: none !important; background-clip: border-box !important; -webkit-background-clip: border-box !important; }`).join("\n")
    + [...plan.pictures, ...page.odd].map((name) => `${CSS.escape(name)}, ${CSS.escape(name)} * { visibility: hidden !important; opacity: 0 !important; }`).join("\n")
    + [...colours].filter(([, number], place) => number === place).map(([colour, number]) =>
      `::highlight(shown-${number}) { color: ${colour}; -webkit-text-fill-color: ${colour}; }`).join("\n")
    + "::highlight(blank) { background-color: rgb(222 224 228); }");

  const former = [...document.adoptedStyleSheets];
  const names = new Set();
  const remove = () => {
    for (const name of names) { CSS.highlights.delete(name); }
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
    getComputedStyle(document.body).color;  // settled before transitions count again
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== calm);
  };
  const add = (name, range) => {
    if (!names.has(name)) { CSS.highlights.set(name, new Highlight()); names.add(name); }
    CSS.highlights.get(name).add(range);
  };
  document.adoptedStyleSheets = [...former, calm];
  getComputedStyle(document.body).color;
  document.adoptedStyleSheets = [...former, calm, sheet];
  for (const [number, range] of ranges) { add(`shown-${number}`, range); }
  for (const node of hidden) {
    const range = new Range();
    range.selectNodeContents(node);
    add("blank", range);
  }

  // Proof: no writing has a colour or a shadow of its own any more, nothing that is a picture can be seen.
  for (const holder of new Set(page.texts.map((text) => text.node.parentElement))) {
    const style = getComputedStyle(holder);
    if (!clear(style.getPropertyValue("-webkit-text-fill-color")) || !clear(style.color) || style.textShadow !== "none") {
      remove();
      return nothing("the page insists on a colour");
    }
  }
  for (const picture of document.querySelectorAll(plan.pictures.join(","))) {
    if (getComputedStyle(picture).visibility !== "hidden") { remove(); return nothing("the page insists on a picture"); }
  }

  // Where things are, as far as they can be seen: a box is cut by whatever it scrolls in.
  function box(element) {
    let { left, top, right, bottom } = element.getBoundingClientRect();
    for (let around = element.parentElement; around && around !== document.body; around = around.parentElement) {
      const style = getComputedStyle(around);
      if (style.overflowX === "visible" && style.overflowY === "visible") { continue; }
      const edge = around.getBoundingClientRect();
      [left, top] = [Math.max(left, edge.left), Math.max(top, edge.top)];
      [right, bottom] = [Math.min(right, edge.right), Math.min(bottom, edge.bottom)];
    }
    return right - left >= 1 && bottom - top >= 1 ? [left + scrollX, top + scrollY, right - left, bottom - top] : null;
  }

  function joined(boxes) {
    const real = boxes.filter(Boolean);
    if (!real.length) { return null; }
    const left = Math.min(...real.map((one) => one[0]));
    const top = Math.min(...real.map((one) => one[1]));
    const right = Math.max(...real.map((one) => one[0] + one[2]));
    const bottom = Math.max(...real.map((one) => one[1] + one[3]));
    return [left, top, right - left, bottom - top].map((side) => Math.round(side * 10) / 10);
  }

  function inside([start, end]) {
    let [low, high] = [0, page.texts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (page.texts[middle].end <= start) { low = middle + 1; } else { high = middle; }
    }
    const found = [];
    for (; low < page.texts.length && page.texts[low].start < end; low += 1) { found.push(page.texts[low].node.parentElement); }
    return found;
  }

  function place(spot) {
    const holders = inside(spot.extent);
    if (!holders.length) { return null; }
    if (spot.row) { return joined([...new Set(holders.map((holder) => holder.closest("tr")))].filter(Boolean).map(box)); }
    let around = holders[0];
    while (around && !holders.every((holder) => around.contains(holder))) { around = around.parentElement; }
    return around ? joined([box(around)]) : null;
  }

  told.ok = true;
  told.places = plan.spots.map(place);
  told.width = Math.min(Math.max(document.documentElement.scrollWidth, innerWidth), plan.width);
  const most = Math.min(plan.height, Math.floor(plan.pixels / told.width));
  told.height = Math.min(Math.max(document.documentElement.scrollHeight, innerHeight), most);
  return {
    told,
    lift: () => {
      remove();
      const now = read();
      return Boolean(now) && still(now.line) === still(page.line);
    },
  };
}
